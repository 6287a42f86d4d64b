package diameter

import (
	"encoding/hex"
	"math"
	"slices"
	"testing"
)

func view(t *testing.T, raw []byte) (*Message, *Cx) {
	t.Helper()
	var m Message
	var c Cx
	if err := m.Parse(raw); err != nil {
		t.Fatal(err)
	}
	c.Parse(&m)
	return &m, &c
}

// texts of byte slices; nil stays distinguishable.
func texts(bs [][]byte) []string {
	var s []string
	for _, b := range bs {
		s = append(s, string(b))
	}
	return s
}

func equal(t *testing.T, what string, got []byte, want string) {
	t.Helper()
	if string(got) != want {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func equalInt(t *testing.T, what string, got, want int32) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %d, want %d", what, got, want)
	}
}

func TestCxRTR(t *testing.T) {
	_, c := view(t, unhex(t, rtrHex))
	const realm = "ims.mnc001.mcc001.3gppnetwork.org"
	equal(t, "Session-Id", c.SessionID, "hss."+realm+";1795335438;173319")
	equal(t, "Origin-Host", c.OriginHost, "hss."+realm)
	equal(t, "Origin-Realm", c.OriginRealm, realm)
	equal(t, "Destination-Host", c.DestinationHost, "scscf."+realm)
	equal(t, "Destination-Realm", c.DestinationRealm, realm)
	equal(t, "User-Name", c.UserName, "001010000000002@"+realm)
	want := []string{"sip:001010000000002@" + realm, "sip:+15550000002@" + realm, "tel:+15550000002"}
	if got := texts(c.PublicIdentities); !slices.Equal(got, want) {
		t.Errorf("Public-Identity: got %q, want %q", got, want)
	}
	equalInt(t, "Reason-Code", c.ReasonCode, ReasonPermanentTermination)
	equal(t, "Reason-Info", c.ReasonInfo, "Administrative deregistration")
	// Absent is not zero.
	equalInt(t, "Result-Code", c.ResultCode, -1)
	equalInt(t, "Server-Assignment-Type", c.ServerAssignmentType, -1)
	equalInt(t, "User-Authorization-Type", c.UserAuthorizationType, -1)
	equalInt(t, "User-Data-Already-Available", c.UserDataAvailable, -1)
	if c.ServerName != nil || c.UserData != nil || len(c.Problems) != 0 {
		t.Errorf("got Server-Name %q, User-Data %q, problems %v", c.ServerName, c.UserData, ids(c.Problems))
	}
}

func TestCxSAR(t *testing.T) {
	_, c := view(t, unhex(t, sarHex))
	equal(t, "Server-Name", c.ServerName, "sip:scscf.ims.mnc001.mcc001.3gppnetwork.org:5060")
	equalInt(t, "Server-Assignment-Type", c.ServerAssignmentType, AssignUserDeregistration)
	equalInt(t, "User-Data-Already-Available", c.UserDataAvailable, 1)
}

func TestCxMAA(t *testing.T) {
	_, c := view(t, unhex(t, maaHex))
	equal(t, "scheme", c.AuthScheme, "Digest-AKAv1-MD5")
	equal(t, "RAND and AUTN", []byte(hex.EncodeToString(c.Authenticate)),
		"3f385b1ad1288cf26796e0d164a34d5096fcfeabb28e8000ff56d2467c99f325")
	equal(t, "CK", []byte(hex.EncodeToString(c.ConfidentialityKey)), "6a5bfb7755335d4305c9e24c11f59193")
	equal(t, "IK", []byte(hex.EncodeToString(c.IntegrityKey)), "1677ac9e187f67401f8a9799116a63a3")
	if !c.SIPAuthorization {
		t.Error("no SIP-Authorization")
	}
	equalInt(t, "Result-Code", c.ResultCode, 2001)
}

// 2001 in an Experimental-Result is a first registration; as Result-Code it is plain success.
func TestCxResultNamespaces(t *testing.T) {
	_, c := view(t, unhex(t, uaaHex))
	equalInt(t, "Result-Code", c.ResultCode, -1)
	equalInt(t, "Experimental-Result-Code", c.ExperimentalResult, 2001)
	equalInt(t, "vendor", c.ExperimentalVendor, Vendor3GPP)
	if !Success(c.ResultCode, c.ExperimentalResult) {
		t.Error("no success")
	}
	for _, tt := range []struct {
		result, experimental uint32
		code, special        int32 // as read
		success              bool
	}{
		{2001, 0, 2001, -1, true},
		{0, 2001, -1, 2001, true},
		{0, 5001, -1, 5001, false},
		{5012, 0, 5012, -1, false},
		{5012, 2001, 5012, 2001, true},
		{0xffffffff, 0, math.MaxInt32, -1, false},
		{0, 0, -1, -1, false},
	} {
		b := NewAnswer(CmdUAR, AppCx, 1, 1)
		if tt.result != 0 {
			b.U32(AVPResultCode, 0, AVPMandatory, tt.result)
		}
		if tt.experimental != 0 {
			b.Group(AVPExperimentalResult, 0, AVPMandatory, func(b *Builder) {
				b.U32(AVPVendorID, 0, AVPMandatory, Vendor3GPP)
				b.U32(AVPExperimentalResultCode, 0, AVPMandatory, tt.experimental)
			})
		}
		_, c := view(t, b.Message())
		if c.ResultCode != tt.code || c.ExperimentalResult != tt.special || Success(c.ResultCode, c.ExperimentalResult) != tt.success {
			t.Errorf("%d/%d: got %d %d %v, want %d %d %v", tt.result, tt.experimental, c.ResultCode, c.ExperimentalResult,
				Success(c.ResultCode, c.ExperimentalResult), tt.code, tt.special, tt.success)
		}
		if none := slices.Contains(ids(c.Problems), "diameter-no-result"); none != (tt.code < 0 && tt.special < 0) {
			t.Errorf("%d/%d: problems %v", tt.result, tt.experimental, ids(c.Problems))
		}
	}
}

func TestCxAbsentIsNotZero(t *testing.T) {
	b := NewRequest(CmdUAR, AppCx, 1, 1)
	b.U32(AVPUserAuthorizationType, Vendor3GPP, AVPMandatory, AuthRegistration)
	b.U32(AVPUserDataAlreadyAvailable, Vendor3GPP, AVPMandatory, 0)
	b.String(AVPServerName, Vendor3GPP, AVPMandatory, "")
	_, c := view(t, b.Message())
	equalInt(t, "User-Authorization-Type", c.UserAuthorizationType, 0)
	equalInt(t, "User-Data-Already-Available", c.UserDataAvailable, 0)
	equalInt(t, "Server-Assignment-Type", c.ServerAssignmentType, -1)
	if c.ServerName == nil || c.VisitedNetwork != nil {
		t.Errorf("Server-Name %v, Visited-Network-Identifier %v: want empty and nil", c.ServerName, c.VisitedNetwork)
	}
}

// The same codes of another vendor, or of none (RFC 7683 uses 623), mean something else.
func TestCxVendor(t *testing.T) {
	b := NewRequest(CmdUAR, AppCx, 1, 1)
	b.U32(623, 0, 0, 1)
	b.String(AVPPublicIdentity, 9, 0, "sip:other")
	b.String(AVPUserName, Vendor3GPP, 0, "other")
	m, c := view(t, b.Message())
	equalInt(t, "User-Authorization-Type", c.UserAuthorizationType, -1)
	if len(c.PublicIdentities) != 0 || c.UserName != nil || len(m.Problems) != 0 {
		t.Errorf("got %q, %q, %v", c.PublicIdentities, c.UserName, ids(m.Problems))
	}
}

func TestCxRTRAssociated(t *testing.T) {
	b := NewRequest(CmdRTR, AppCx, 1, 1)
	b.String(AVPUserName, 0, AVPMandatory, "a@home1.fr")
	b.Group(AVPAssociatedIdentities, Vendor3GPP, 0, func(b *Builder) {
		b.String(AVPUserName, 0, AVPMandatory, "b@home1.fr")
		b.String(AVPUserName, 0, AVPMandatory, "c@home1.fr")
	})
	_, c := view(t, b.Message())
	equal(t, "User-Name", c.UserName, "a@home1.fr")
	if got := texts(c.AssociatedIdentities); !slices.Equal(got, []string{"b@home1.fr", "c@home1.fr"}) {
		t.Errorf("got %q", got)
	}
}

func TestCxLimits(t *testing.T) {
	b := NewRequest(CmdRTR, AppCx, 1, 1)
	for range maxIdentities + 5 {
		b.String(AVPPublicIdentity, Vendor3GPP, AVPMandatory, "sip:a@b")
	}
	_, c := view(t, b.Message())
	if len(c.PublicIdentities) != maxIdentities || len(c.Problems) != 5 || c.Problems[0].Code != ProbLimit {
		t.Errorf("kept %d, problems %v", len(c.PublicIdentities), ids(c.Problems))
	}
}

func TestUserData(t *testing.T) {
	type identity struct {
		uri     string
		barred  bool
		profile int
	}
	for _, tt := range []struct {
		name, xml, private string
		want               []identity
		damaged            bool
	}{
		{name: "as a HSS sends it",
			xml: `<?xml version="1.0" encoding="UTF-8"?>
<IMSSubscription><PrivateID>1@home1.fr</PrivateID><ServiceProfile><PublicIdentity><BarringIndication>0</BarringIndication><Identity>sip:a@home1.fr</Identity></PublicIdentity><PublicIdentity><BarringIndication>1</BarringIndication><Identity>tel:+15550001</Identity></PublicIdentity></ServiceProfile></IMSSubscription>`,
			private: "1@home1.fr", want: []identity{{"sip:a@home1.fr", false, 0}, {"tel:+15550001", true, 0}}},
		{name: "barring behind identity, two profiles, prefix, white space, entity",
			xml: `<cx:IMSSubscription><cx:PrivateID> 1@home1.fr </cx:PrivateID>
<cx:ServiceProfile><cx:PublicIdentity><cx:Identity>
  sip:a&amp;b@home1.fr </cx:Identity><cx:BarringIndication>true</cx:BarringIndication>
  <cx:Extension><cx:IdentityType>0</cx:IdentityType></cx:Extension></cx:PublicIdentity></cx:ServiceProfile>
<cx:ServiceProfile><cx:PublicIdentity><cx:Identity>sip:c@home1.fr</cx:Identity></cx:PublicIdentity></cx:ServiceProfile></cx:IMSSubscription>`,
			private: "1@home1.fr", want: []identity{{"sip:a&b@home1.fr", true, 0}, {"sip:c@home1.fr", false, 1}}},
		{name: "cut off",
			xml:     `<IMSSubscription><PrivateID>1@home1.fr</PrivateID><ServiceProfile><PublicIdentity><Identity>sip:a@home1.fr</Identity></PublicIdentity><PublicIdentity><Ident`,
			private: "1@home1.fr", want: []identity{{"sip:a@home1.fr", false, 0}}, damaged: true},
		{name: "end tags missing",
			xml:  `<ServiceProfile><PublicIdentity><Identity>sip:a@home1.fr<PublicIdentity><Identity>sip:b@home1.fr`,
			want: []identity{{"sip:a@home1.fr", false, 0}, {"sip:b@home1.fr", false, 0}}},
		{name: "entity declaration is not expanded",
			xml:  `<!DOCTYPE x [<!ENTITY a "sip:evil@home1.fr">]><PublicIdentity><Identity>&a;</Identity></PublicIdentity>`,
			want: []identity{{"&a;", false, 0}}, damaged: true},
		{name: "no XML", xml: "profile", damaged: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := NewAnswer(CmdSAR, AppCx, 1, 1)
			b.U32(AVPResultCode, 0, AVPMandatory, 2001)
			b.String(AVPUserData, Vendor3GPP, AVPMandatory, tt.xml)
			_, c := view(t, b.Message())
			equal(t, "PrivateID", c.PrivateID, tt.private)
			equal(t, "User-Data", c.UserData, tt.xml)
			var got []identity
			for _, id := range c.Identities {
				got = append(got, identity{string(id.URI), id.Barred, id.Profile})
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
			if damaged := slices.Contains(ids(c.Problems), "diameter-user-data"); damaged != tt.damaged {
				t.Errorf("problems %v, want damage reported: %v", ids(c.Problems), tt.damaged)
			}
		})
	}
}

// Some stacks leave the vendor out. Where the code of an AVP of Cx means nothing else, it is read and said.
func TestCxNoVendor(t *testing.T) {
	b := NewRequest(CmdSAR, AppCx, 1, 1)
	b.String(AVPPublicIdentity, 0, AVPMandatory, "sip:a@b")
	b.U32(AVPServerAssignmentType, 0, AVPMandatory, 5)
	b.Bytes(623, 0, 0, make([]byte, 12)) // OC-OLR
	m, c := view(t, b.Message())
	equal(t, "Public-Identity", c.PublicIdentities[0], "sip:a@b")
	equalInt(t, "Server-Assignment-Type", c.ServerAssignmentType, 5)
	equalInt(t, "User-Authorization-Type", c.UserAuthorizationType, -1)
	if got := ids(m.Problems); !slices.Equal(got, []string{ProbNoVendor.ID, ProbNoVendor.ID}) {
		t.Errorf("problems %q", got)
	}

	other := NewRequest(272, 4, 1, 1) // Credit-Control, where the code is none of 3GPP
	other.String(AVPPublicIdentity, 0, 0, "sip:a@b")
	if m, c := view(t, other.Message()); len(c.PublicIdentities) > 0 || len(m.Problems) > 0 {
		t.Errorf("identities %q, problems %q", texts(c.PublicIdentities), ids(m.Problems))
	}
}
