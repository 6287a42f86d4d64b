package fact

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"imscope/decode"
	"imscope/decode/diameter"
)

// spellings are public identities, two of them the same one.
var spellings = []string{"sip:Alice@home1.net;user=phone", "tel:+1-555-0001", "sip:Alice@HOME1.net"}

// cxWire are the requests and answers of one transaction each, about some public identities.
func cxWire(identities ...string) [][]*diameter.Builder {
	const vendor, must, mustVendor = diameter.Vendor3GPP, 0x40, 0xc0 // flags M, V and M (RFC 6733 4.1)
	request := func(command uint32, more func(b *diameter.Builder)) *diameter.Builder {
		b := diameter.NewRequest(command, cxApp, 1, 2)
		b.String(diameter.AVPSessionID, 0, must, "s")
		b.String(diameter.AVPOriginHost, 0, must, "icscf.home1.net")
		b.String(diameter.AVPUserName, 0, must, "alice@home1.net")
		more(b)
		return b
	}
	answer := func(command uint32, more func(b *diameter.Builder)) *diameter.Builder {
		b := diameter.NewAnswer(command, cxApp, 1, 2)
		b.String(diameter.AVPSessionID, 0, must, "s")
		more(b)
		return b
	}
	alice := func(b *diameter.Builder) {
		for _, id := range identities {
			b.String(diameter.AVPPublicIdentity, vendor, mustVendor, id)
		}
	}
	return [][]*diameter.Builder{
		{request(diameter.CmdUAR, func(b *diameter.Builder) {
			alice(b)
			b.String(diameter.AVPVisitedNetworkIdentifier, vendor, mustVendor, "visited.net")
			b.U32(diameter.AVPUserAuthorizationType, vendor, mustVendor, 1)
		}), answer(diameter.CmdUAR, func(b *diameter.Builder) {
			b.String(diameter.AVPServerName, vendor, mustVendor, "sip:scscf.home1.net")
			b.Group(diameter.AVPExperimentalResult, 0, must, func(b *diameter.Builder) {
				b.U32(diameter.AVPVendorID, 0, must, vendor)
				b.U32(diameter.AVPExperimentalResultCode, 0, must, 2001)
			})
		})},
		{request(diameter.CmdMAR, func(b *diameter.Builder) {
			alice(b)
			b.Group(diameter.AVPSIPAuthDataItem, vendor, mustVendor, func(b *diameter.Builder) { b.String(diameter.AVPSIPAuthorization, vendor, mustVendor, "auts") })
		}), answer(diameter.CmdMAR, func(b *diameter.Builder) {
			b.U32(diameter.AVPResultCode, 0, must, 2001)
			b.Group(diameter.AVPSIPAuthDataItem, vendor, mustVendor, func(b *diameter.Builder) {
				b.String(diameter.AVPSIPAuthenticate, vendor, mustVendor, "0123456789abcdef")
			})
		})},
		{request(diameter.CmdSAR, func(b *diameter.Builder) {
			alice(b)
			b.String(diameter.AVPServerName, vendor, mustVendor, "sip:scscf.home1.net")
			b.U32(diameter.AVPServerAssignmentType, vendor, mustVendor, 5)
		}), answer(diameter.CmdSAR, func(b *diameter.Builder) {
			b.U32(diameter.AVPResultCode, 0, must, 2001)
			b.String(diameter.AVPUserData, vendor, mustVendor, "<IMSSubscription><PrivateID>alice@home1.net</PrivateID><ServiceProfile><PublicIdentity><BarringIndication>1</BarringIndication><Identity>sip:b@home1.net</Identity></PublicIdentity><PublicIdentity><Identity>tel:+15550001</Identity></PublicIdentity></ServiceProfile></IMSSubscription>")
			b.Group(diameter.AVPAssociatedIdentities, vendor, mustVendor, func(b *diameter.Builder) { b.String(diameter.AVPUserName, 0, must, "bob@home1.net") })
		})},
		{request(diameter.CmdRTR, func(b *diameter.Builder) {
			alice(b)
			b.Group(diameter.AVPDeregistrationReason, vendor, mustVendor, func(b *diameter.Builder) {
				b.U32(diameter.AVPReasonCode, vendor, mustVendor, 2)
				b.String(diameter.AVPReasonInfo, vendor, mustVendor, "moved")
			})
			b.Group(diameter.AVPAssociatedIdentities, vendor, mustVendor, func(b *diameter.Builder) { b.String(diameter.AVPUserName, 0, must, "bob@home1.net") })
		}), answer(diameter.CmdRTR, func(b *diameter.Builder) {
			b.U32(diameter.AVPResultCode, 0, must, 2001)
			b.Group(diameter.AVPAssociatedIdentities, vendor, mustVendor, func(b *diameter.Builder) { b.String(diameter.AVPUserName, 0, must, "carol@home1.net") })
		})},
	}
}

// checkPackCx packs what a Cx message says and reads it again.
func checkPackCx(t *testing.T, e *Extractor, m *diameter.Message) {
	t.Helper()
	e.CxParse(m)
	said := e.cxSaid(m)
	p := packer{words: e.reader.words}
	p.cxBase(m)
	p.cx(said)
	var x, named Cx
	u := unpacker{b: p.b, words: e.Words, room: &Room{}}
	u.cxBase(&named)
	u.cx(&x)
	if !same(x, *said) || named.Command != m.Command || named.EndToEnd != m.EndToEnd || len(named.Name) == 0 {
		t.Errorf("unpacked %+v %+v\nwant %+v", x, named, *said)
	}
	if u.pos != len(u.b) {
		t.Errorf("%d bytes are left", len(u.b)-u.pos)
	}
}

func FuzzPackCx(f *testing.F) {
	for _, set := range cxWire(spellings...) {
		for _, b := range set {
			f.Add(b.Message())
		}
	}
	e := NewExtractor()
	f.Fuzz(func(t *testing.T, raw []byte) {
		var m diameter.Message
		if m.Parse(raw) == nil {
			checkPackCx(t, e, &m)
		}
	})
}

// TestLogAndTakeCx is TestLogAndTake for Cx transactions.
func TestLogAndTakeCx(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	e, log, room := NewExtractor(), &Log{Epoch: 1e9}, &Room{}
	full := 0
	for n, sets := 0, cxWire(spellings...); n < 200; n++ {
		set := sets[n%len(sets)]
		whole, begun := new(Cx), false
		*whole = NewCx()
		var chain Chain
		for frame := range uint32(1 + rnd.IntN(6)) {
			var m diameter.Message
			if err := m.Parse(set[rnd.IntN(len(set))].Message()); err != nil {
				t.Fatal(err)
			}
			rec := &decode.Record{Frame: frame + 1, Frames: []uint32{frame + 1}, Time: int64(rnd.Uint32()), Diameter: &m,
				Src: netip.MustParseAddrPort("10.0.0.3:40000"), Dst: netip.MustParseAddrPort("10.0.0.9:3868")}
			h := e.Hop(rec, 0, 0)
			earlier := whole.message(m.Request).Hops
			e.Mark(&h, earlier)
			if fromLog, _ := log.Hops(chain, m.Request, 0, nil); !same(fromLog, earlier) {
				t.Fatalf("run %d: hops %v, want %v", n, fromLog, earlier)
			}
			e.CxParse(&m)
			first := len(earlier) == 0
			e.Epoch = log.Epoch
			head, body := e.CxEntry(rec, &h, !begun, first)
			log.Add(&chain, head, body, 0)
			e.Epoch = 0
			head, body = e.CxEntry(rec, &h, !begun, first)
			whole.Take(slices.Concat(head, body), e.Words, &Room{})
			begun = true
			room.Reset()
			if x := log.Transaction(chain.Head, e.Words, room); !same(*x, *whole) {
				t.Fatalf("run %d: of the log\n%+v\nentry by entry\n%+v", n, *x, *whole)
			}
		}
		if whole.Request.Seen() && whole.Answer.Seen() {
			full++
			if whole.UserName != "alice@home1.net" || len(whole.Public) != 2 || whole.Origin == "" || whole.Result == Absent && whole.Experimental == Absent {
				t.Fatalf("run %d: %+v", n, *whole)
			}
			if whole.Name == "RTR" && len(whole.Associated) != 2 || whole.Name == "SAR" && (len(whole.Barred) != 1 || len(whole.Profile) != 2) {
				t.Fatalf("run %d: lists %v %v %v", n, whole.Associated, whole.Barred, whole.Profile)
			}
		}
	}
	if full == 0 {
		t.Error("no transaction with request and answer")
	}
}
