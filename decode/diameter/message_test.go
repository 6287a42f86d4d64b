package diameter

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"imscope/decode/problem"
)

func ids(ps []problem.Problem) []string {
	var s []string
	for _, p := range ps {
		s = append(s, p.Code.ID)
	}
	return s
}

func TestParseHeader(t *testing.T) {
	var m Message
	if err := m.Parse(unhex(t, rtrHex)); err != nil {
		t.Fatal(err)
	}
	if !m.Request || !m.Proxiable || m.Error || m.Retransmit {
		t.Errorf("flags %v %v %v %v, want request and proxiable alone", m.Request, m.Proxiable, m.Error, m.Retransmit)
	}
	if m.Command != CmdRTR || m.AppID != AppCx || m.HopByHop != 0x2a507 || m.EndToEnd != 0x2a507 {
		t.Errorf("got command %d app %d hop-by-hop %#x end-to-end %#x", m.Command, m.AppID, m.HopByHop, m.EndToEnd)
	}
	if m.Name() != "RTR" || len(m.Problems) != 0 {
		t.Errorf("name %q, problems %v", m.Name(), ids(m.Problems))
	}
}

// A Message that was used before must not keep anything.
func TestParseResets(t *testing.T) {
	var m Message
	bad := NewRequest(CmdSAR, AppCx, 7, 8)
	bad.SetFlags(FlagRequest | FlagError | FlagRetransmit | 1)
	if err := m.Parse(bad.Message()); err != nil || len(m.Problems) != 2 {
		t.Fatal(err, ids(m.Problems))
	}
	if err := m.Parse(NewAnswer(cmdDWR, 0, 1, 2).Message()); err != nil {
		t.Fatal(err)
	}
	if m.Request || m.Error || m.Retransmit || !m.Proxiable || m.HopByHop != 1 || len(m.Problems) != 0 {
		t.Errorf("kept something: %+v", m)
	}
}

func TestParseErrors(t *testing.T) {
	ok := NewRequest(CmdUAR, AppCx, 1, 1).Message()
	change := func(i int, v byte) []byte {
		b := bytes.Clone(ok)
		b[i] = v
		return b
	}
	for _, tt := range []struct {
		name string
		raw  []byte
		want error
	}{
		{"empty", nil, ErrShort},
		{"header cut", ok[:19], ErrShort},
		{"version 2", change(0, 2), ErrVersion},
		{"length below header", change(3, 16), ErrLength},
		{"length odd", change(3, 22), ErrLength},
		{"length beyond limit", change(1, 0x20), ErrLength},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var m Message
			if err := m.Parse(tt.raw); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// raw puts a header before AVPs and makes the length fit.
func raw(avps ...byte) []byte {
	b := NewRequest(CmdSAR, AppCx, 1, 1)
	b.buf = append(b.buf, avps...)
	for len(b.buf)%4 != 0 {
		b.buf = append(b.buf, 0)
	}
	return b.Message()
}

func TestDamage(t *testing.T) {
	sound := func(b *Builder) {
		b.String(AVPSessionID, 0, AVPMandatory, "abc;1;2")
		b.U32(AVPServerAssignmentType, Vendor3GPP, AVPMandatory, AssignUserDeregistration)
	}
	message := func(fn func(*Builder)) []byte {
		b := NewRequest(CmdSAR, AppCx, 1, 1)
		sound(b)
		fn(b)
		return b.Message()
	}
	deep := func(b *Builder) {
		var nest func(n int)
		nest = func(n int) {
			if n > 0 {
				b.Group(AVPExperimentalResult, 0, 0, func(*Builder) { nest(n - 1) })
			}
		}
		nest(maxDepth + 2)
	}
	for _, tt := range []struct {
		name  string
		raw   []byte
		codes []uint32 // the AVPs that come out
		want  []string
	}{
		{"sound", message(func(*Builder) {}), []uint32{263, 614}, nil},
		{"length beyond message", message(func(b *Builder) {
			b.buf = append(b.buf, 0, 0, 1, 8, 0x40, 0, 0, 200, 'a', 'b', 'c', 'd')
		}), []uint32{263, 614}, []string{"diameter-avp-length"}},
		{"length below header", message(func(b *Builder) {
			b.buf = append(b.buf, 0, 0, 1, 8, 0x40, 0, 0, 7, 'a', 'b', 'c', 'd')
		}), []uint32{263, 614}, []string{"diameter-avp-length"}},
		{"length below vendor header", message(func(b *Builder) {
			b.buf = append(b.buf, 0, 0, 2, 0x59, 0xc0, 0, 0, 8, 0, 0, 0x28, 0xaf)
		}), []uint32{263, 614}, []string{"diameter-avp-length"}},
		{"rest too short for a header", message(func(b *Builder) {
			b.buf = append(b.buf, 0, 0, 1, 8)
		}), []uint32{263, 614}, []string{"diameter-avp-length"}},
		{"reserved AVP flags are ignored", message(func(b *Builder) {
			b.String(AVPOriginHost, 0, 0x5f, "abcd")
		}), []uint32{263, 614, 264}, nil},
		{"number with five bytes", message(func(b *Builder) {
			b.Bytes(AVPResultCode, 0, 0, []byte{0, 0, 7, 0xd1, 0})
		}), []uint32{263, 614, 268}, []string{"diameter-avp-type"}},
		{"number of another vendor has any length", message(func(b *Builder) {
			b.Bytes(AVPResultCode, 9, 0, []byte{1})
		}), []uint32{263, 614, 268}, nil},
		{"inner length beyond group", message(func(b *Builder) {
			b.Group(AVPDeregistrationReason, Vendor3GPP, AVPMandatory, func(b *Builder) {
				b.U32(AVPReasonCode, Vendor3GPP, AVPMandatory, 0)
				b.buf = append(b.buf, 0, 0, 2, 0x69, 0x40, 0, 0, 30, 'a', 'b', 'c', 'd')
			})
		}), []uint32{263, 614, 615}, []string{"diameter-avp-length"}},
		{"too deep", message(deep), []uint32{263, 614, 297}, []string{"diameter-limit"}},
		{"padding forgotten", raw(
			0, 0, 0, 1, 0x40, 0, 0, 9, 'x',
			0, 0, 1, 8, 0x40, 0, 0, 11, 'a', 'b', 'c',
			0, 0, 1, 12, 0x40, 0, 0, 12, 0, 0, 7, 0xd1,
		), []uint32{1, 264, 268}, []string{"diameter-padding"}},
		{"padding forgotten at the end of a group", raw(
			0, 0, 1, 0x17, 0x40, 0, 0, 17, 0, 0, 0, 1, 0, 0, 0, 9, 'x', 0, 0, 0,
			0, 0, 0, 1, 0, 0, 0, 8,
		), []uint32{279, 1}, []string{"diameter-padding"}},
		{"truncated in an AVP", message(func(b *Builder) {
			b.String(AVPOriginHost, 0, 0, "scscf.home1.fr")
		})[:70], []uint32{263, 614}, []string{"diameter-truncated"}},
		{"trailing", append(message(func(*Builder) {}), 1, 2, 3), []uint32{263, 614}, []string{"diameter-trailing"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var m Message
			if err := m.Parse(tt.raw); err != nil {
				t.Fatal(err)
			}
			var codes []uint32
			for a := range m.AVPs() {
				codes = append(codes, a.Code)
			}
			if !slices.Equal(codes, tt.codes) {
				t.Errorf("AVPs %v, want %v", codes, tt.codes)
			}
			if got := ids(m.Problems); !slices.Equal(got, tt.want) {
				t.Errorf("problems %v, want %v", got, tt.want)
			}
		})
	}
}

// The problem of a broken AVP covers what was skipped because of it.
func TestDamageSpan(t *testing.T) {
	b := NewRequest(CmdSAR, AppCx, 1, 1)
	b.String(AVPUserName, 0, 0, "abcd")
	b.buf = append(b.buf, 0, 0, 1, 8, 0x40, 0, 0, 99, 'a', 'b', 'c', 'd')
	var m Message
	if err := m.Parse(b.Message()); err != nil || len(m.Problems) != 1 {
		t.Fatal(err, ids(m.Problems))
	}
	if s := m.Problems[0].Span; s.Off != 32 || s.Len != 12 {
		t.Errorf("span %+v, want 12 bytes from 32", s)
	}
}

func TestProblemsAreBounded(t *testing.T) {
	b := NewAnswer(CmdSAR, AppCx, 1, 1)
	for range 1000 {
		b.Bytes(AVPResultCode, 0, 0, nil)
	}
	var m Message
	if err := m.Parse(b.Message()); err != nil {
		t.Fatal(err)
	}
	if n := len(m.Problems); n != maxProblems+1 || m.Problems[n-1].Code != ProbLimit {
		t.Errorf("%d problems, the last is %s", n, m.Problems[n-1].Code.ID)
	}
}

func TestGroupedAVP(t *testing.T) {
	var m Message
	if err := m.Parse(unhex(t, maaHex)); err != nil {
		t.Fatal(err)
	}
	var codes []uint32
	for a := range m.AVPs() {
		if a.Code != AVPSIPAuthDataItem {
			continue
		}
		for in := range a.AVPs() {
			codes = append(codes, in.Code)
			if !bytes.Equal(m.Raw[in.Off+in.Len-len(in.Data):in.Off+in.Len], in.Data) {
				t.Errorf("AVP %d: place does not fit its data", in.Code)
			}
			if in.Code == AVPSIPItemNumber {
				if v, ok := in.Uint32(); !ok || v != 1 {
					t.Errorf("SIP-Item-Number %d %v, want 1", v, ok)
				}
			}
		}
	}
	if want := []uint32{613, 608, 609, 610, 625, 626}; !slices.Equal(codes, want) {
		t.Errorf("got %v, want %v", codes, want)
	}
}

func TestNames(t *testing.T) {
	for _, tt := range []struct {
		command, app uint32
		request      bool
		want         string
	}{
		{257, 0, true, "CER"}, {257, 0, false, "CEA"},
		{280, 0, true, "DWR"}, {280, 0, false, "DWA"},
		{282, 0, true, "DPR"}, {282, 0, false, "DPA"},
		{300, AppCx, true, "UAR"}, {300, AppCx, false, "UAA"},
		{301, AppCx, true, "SAR"}, {301, AppCx, false, "SAA"},
		{302, AppCx, true, "LIR"}, {302, AppCx, false, "LIA"},
		{303, AppCx, true, "MAR"}, {303, AppCx, false, "MAA"},
		{304, AppCx, true, "RTR"}, {304, AppCx, false, "RTA"},
		{305, AppCx, true, "PPR"}, {305, AppCx, false, "PPA"},
		{304, 5, true, "Diameter 304 request"},
		{274, 0, true, "Diameter 274 request"}, {274, 0, false, "Diameter 274 answer"},
	} {
		m := Message{Command: tt.command, AppID: tt.app, Request: tt.request}
		if got := m.Name(); got != tt.want {
			t.Errorf("command %d app %d request %v: got %q, want %q", tt.command, tt.app, tt.request, got, tt.want)
		}
	}
}

func TestValueNames(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{ResultCodeName(2001), "DIAMETER_SUCCESS"},
		{ExperimentalResultName(2001), "DIAMETER_FIRST_REGISTRATION"},
		{ResultCodeName(5012), "DIAMETER_UNABLE_TO_COMPLY"},
		{ExperimentalResultName(5012), "DIAMETER_ERROR_SERVING_NODE_FEATURE_UNSUPPORTED"},
		{ResultCodeName(5999), "5999"},
		{ExperimentalResultName(5010), "5010"},
		{UserAuthorizationTypeName(AuthDeregistration), "DE_REGISTRATION"},
		{ServerAssignmentTypeName(AssignUserDeregistration), "USER_DEREGISTRATION"},
		{ServerAssignmentTypeName(AssignAdministrativeDeregistration), "ADMINISTRATIVE_DEREGISTRATION"},
		{ServerAssignmentTypeName(AssignRestoration), "RESTORATION"},
		{ServerAssignmentTypeName(-1), "-1"},
		{ReasonCodeName(ReasonRemoveSCSCF), "REMOVE_S-CSCF"},
		{ReasonCodeName(9), "9"},
		{AVPName(0, 1), "User-Name"},
		{AVPName(Vendor3GPP, 601), "Public-Identity"},
		{AVPName(Vendor3GPP, 658), "WebRTC-Web-Server-Function-Name"},
		{AVPName(Vendor3GPP, 659), "AVP 659 (vendor 10415)"},
		{AVPName(0, 601), "AVP 601"},
		{AVPName(0, 300), "AVP 300"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

// A message that is cut off keeps every AVP that was complete before the cut.
func TestCutAnywhere(t *testing.T) {
	b := unhex(t, rtrHex)
	var whole, cut Message
	if err := whole.Parse(b); err != nil {
		t.Fatal(err)
	}
	want := flatten(&whole)
	for n := HeaderLen; n < len(b); n++ {
		if err := cut.Parse(b[:n]); err != nil {
			t.Fatal(err)
		}
		complete := 0
		for a := range whole.AVPs() {
			if a.Off+a.Len <= n {
				complete++
			}
		}
		if got := flatten(&cut); !slices.Equal(got, want[:complete]) {
			t.Fatalf("cut at %d: got %d AVPs, want %d", n, len(got), complete)
		}
		if !slices.Contains(ids(cut.Problems), "diameter-truncated") {
			t.Fatalf("cut at %d: problems %v", n, ids(cut.Problems))
		}
	}
}
