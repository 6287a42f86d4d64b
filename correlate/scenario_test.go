package correlate_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"imscope/correlate"
	"imscope/correlate/story"
	"imscope/decode"
	"imscope/decode/diameter"
	"imscope/decode/sip"
)

// A scenario feeds an engine with messages as a capture would, one frame each.
type scenario struct {
	t     *testing.T
	e     *correlate.Engine
	frame uint32
	now   int64
	seq   int
	asked string // branch of the last REGISTER
}

const (
	ue1   = "10.0.0.1:5060"
	ue2   = "10.0.0.2:5060"
	pcscf = "10.9.0.1:5060"
	scscf = "10.9.0.3:5060"
	hss   = "10.9.0.4:3868"

	alice    = "sip:alice@home1.net"
	aliceTel = "tel:+15550001"
	phone    = "sip:alice@10.0.0.1:5060"
	tablet   = "sip:alice@10.0.0.2:5060"
)

func newScenario(t *testing.T) *scenario {
	return &scenario{t: t, e: correlate.NewEngine(), now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano()}
}

// wait lets time pass.
func (s *scenario) wait(d time.Duration) { s.now += int64(d) }

// send transmits a SIP message and returns its frame.
func (s *scenario) send(src, dst, text string) uint32 {
	s.t.Helper()
	s.frame++
	s.now += int64(time.Millisecond)
	var m sip.Message
	if err := m.Parse([]byte(strings.ReplaceAll(text, "\n", "\r\n"))); err != nil {
		s.t.Fatalf("frame %d: %v", s.frame, err)
	}
	s.e.Observe(&decode.Record{Frame: s.frame, Frames: []uint32{s.frame}, Time: s.now,
		Src: netip.MustParseAddrPort(src), Dst: netip.MustParseAddrPort(dst), SIP: &m})
	return s.frame
}

// via writes the Via headers of a path, the newest first.
func via(branch string, path ...string) string {
	var b strings.Builder
	for i := len(path) - 1; i >= 0; i-- {
		fmt.Fprintf(&b, "Via: SIP/2.0/UDP %s;branch=z9hG4bK%s-%d\n", path[i], branch, i)
	}
	return b.String()
}

// register describes a REGISTER of alice; the zero value of a field takes the usual.
type register struct {
	ue, contact string
	aor         string
	header      string // further header lines
	expires     int
	star        bool
	cseq        int
	callID      string
	impi        string
}

func (r register) text(branch string, path ...string) string {
	if r.aor == "" {
		r.aor = alice
	}
	if r.callID == "" {
		r.callID = "reg-" + r.ue
	}
	if r.impi == "" {
		r.impi = "alice@home1.net"
	}
	contact := fmt.Sprintf("<%s>;expires=%d", r.contact, r.expires)
	if r.star {
		contact = "*"
	}
	return fmt.Sprintf("REGISTER sip:home1.net SIP/2.0\n%sFrom: <%s>;tag=f\nTo: <%s>\nCall-ID: %s\nCSeq: %d REGISTER\nContact: %s\nExpires: %d\n"+
		"Authorization: Digest username=%q, realm=\"home1.net\", nonce=\"n\", uri=\"sip:home1.net\", response=\"00\"\n%sContent-Length: 0\n\n",
		via(branch, path...), r.aor, r.aor, r.callID, r.cseq, contact, r.expires, r.impi, r.header)
}

// ask sends a REGISTER over Gm and Mw and returns the frame of the first hop.
func (s *scenario) ask(r register) uint32 {
	s.seq++
	b := fmt.Sprint("r", s.seq)
	s.asked = b
	f := s.send(r.ue, pcscf, r.text(b, r.ue))
	s.send(pcscf, scscf, r.text(b, r.ue, pcscf))
	return f
}

// answer sends the response to the last REGISTER back over both hops and returns the last frame.
func (s *scenario) answer(r register, status int, header string) uint32 {
	b := s.asked
	if r.aor == "" {
		r.aor = alice
	}
	if r.callID == "" {
		r.callID = "reg-" + r.ue
	}
	text := func(path ...string) string {
		return fmt.Sprintf("SIP/2.0 %d X\n%sFrom: <%s>;tag=f\nTo: <%s>;tag=t\nCall-ID: %s\nCSeq: %d REGISTER\n%sContent-Length: 0\n\n",
			status, via(b, path...), r.aor, r.aor, r.callID, r.cseq, header)
	}
	s.send(scscf, pcscf, text(r.ue, pcscf))
	return s.send(pcscf, r.ue, text(r.ue))
}

const associated = "P-Associated-URI: <" + alice + ">, <" + aliceTel + ">\n"

// registered does a whole registration that is granted for as long as it asks.
func (s *scenario) registered(r register) {
	s.ask(r)
	s.answer(r, 200, associated+fmt.Sprintf("Contact: <%s>;expires=%d\nService-Route: <sip:scscf.home1.net;lr>\n", r.contact, r.expires))
}

// subscribe makes a UE's reg subscription.
func (s *scenario) subscribe(ue, contact string) {
	s.seq++
	b := fmt.Sprint("s", s.seq)
	req := func(path ...string) string {
		return fmt.Sprintf("SUBSCRIBE %s SIP/2.0\n%sFrom: <%s>;tag=w\nTo: <%s>\nCall-ID: sub-%s\nCSeq: 1 SUBSCRIBE\nEvent: reg\nExpires: 600000\nContact: <%s>\nContent-Length: 0\n\n",
			alice, via(b, path...), alice, alice, ue, contact)
	}
	s.send(ue, pcscf, req(ue))
	s.send(pcscf, scscf, req(ue, pcscf))
	res := func(path ...string) string {
		return fmt.Sprintf("SIP/2.0 200 OK\n%sFrom: <%s>;tag=w\nTo: <%s>;tag=n\nCall-ID: sub-%s\nCSeq: 1 SUBSCRIBE\nExpires: 600000\nContent-Length: 0\n\n",
			via(b, path...), alice, alice, ue)
	}
	s.send(scscf, pcscf, res(ue, pcscf))
	s.send(pcscf, ue, res(ue))
}

// notify sends a document to a UE's subscription, answered 200, and returns its first frame.
func (s *scenario) notify(ue string, version int, state, regs string) uint32 {
	s.seq++
	b := fmt.Sprint("n", s.seq)
	body := fmt.Sprintf("<?xml version=\"1.0\"?>\n<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"%d\" state=\"%s\">%s</reginfo>\n", version, state, regs)
	req := func(path ...string) string {
		return fmt.Sprintf("NOTIFY sip:alice@%s SIP/2.0\n%sFrom: <%s>;tag=n\nTo: <%s>;tag=w\nCall-ID: sub-%s\nCSeq: %d NOTIFY\nEvent: reg\nSubscription-State: active;expires=1000\n"+
			"Content-Type: application/reginfo+xml\nContent-Length: %d\n\n%s", ue, via(b, path...), alice, alice, ue, s.seq, len(strings.ReplaceAll(body, "\n", "\r\n")), body)
	}
	f := s.send(scscf, pcscf, req(scscf))
	s.send(pcscf, ue, req(scscf, pcscf))
	res := func(path ...string) string {
		return fmt.Sprintf("SIP/2.0 200 OK\n%sFrom: <%s>;tag=n\nTo: <%s>;tag=w\nCall-ID: sub-%s\nCSeq: %d NOTIFY\nContent-Length: 0\n\n",
			via(b, path...), alice, alice, ue, s.seq)
	}
	s.send(ue, pcscf, res(scscf, pcscf))
	s.send(pcscf, scscf, res(scscf))
	return f
}

// reg writes a registration element; a contact is "id state event uri [expires]".
func reg(aor, state string, contacts ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<registration aor=%q id="r-%s" state=%q>`, aor, aor, state)
	for _, c := range contacts {
		f := strings.Fields(c)
		exp := ""
		if len(f) > 4 {
			exp = fmt.Sprintf(" expires=%q", f[4])
		}
		fmt.Fprintf(&b, `<contact id=%q state=%q event=%q%s><uri>%s</uri></contact>`, f[0], f[1], f[2], exp, f[3])
	}
	return b.String() + "</registration>"
}

func both(state string, contacts ...string) string {
	return reg(alice, state, contacts...) + reg(aliceTel, state, contacts...)
}

// rtr sends an RTR and its answer.
func (s *scenario) rtr(reason uint32, result uint32, public ...string) uint32 {
	s.seq++
	send := func(src, dst string, raw []byte) uint32 {
		s.frame++
		s.now += int64(time.Millisecond)
		var m diameter.Message
		if err := m.Parse(raw); err != nil {
			s.t.Fatal(err)
		}
		s.e.Observe(&decode.Record{Frame: s.frame, Time: s.now, Src: netip.MustParseAddrPort(src), Dst: netip.MustParseAddrPort(dst), Diameter: &m})
		return s.frame
	}
	f := send(hss, scscf, cxMessage(true, s.seq, func(b *diameter.Builder) {
		b.String(diameter.AVPUserName, 0, 0x40, "alice@home1.net")
		for _, p := range public {
			b.String(diameter.AVPPublicIdentity, diameter.Vendor3GPP, 0x40, p)
		}
		b.Group(diameter.AVPDeregistrationReason, diameter.Vendor3GPP, 0x40, func(b *diameter.Builder) {
			b.U32(diameter.AVPReasonCode, diameter.Vendor3GPP, 0x40, reason)
		})
	}))
	if result != 0 {
		send(scscf, hss, cxMessage(false, s.seq, func(b *diameter.Builder) {
			b.U32(diameter.AVPResultCode, 0, 0x40, result)
		}))
	}
	return f
}

// close ends the capture and returns the only user.
func (s *scenario) close() *story.User {
	s.t.Helper()
	r := s.e.Close(nil, nil)
	if r.Len() != 1 {
		s.t.Fatalf("%d users, want 1", r.Len())
	}
	for u := range r.Users() {
		return u
	}
	return nil
}

// deregs words the de-registrations for comparison.
func deregs(u *story.User) string {
	var lines []string
	for _, d := range u.Deregistrations {
		lines = append(lines, fmt.Sprintf("%s %s %s #%d %s", d.Initiator, d.Outcome, d.Scope, d.TriggerFrame, strings.Join(d.Contacts, " ")))
	}
	return strings.Join(lines, "\n")
}

func expect(t *testing.T, u *story.User, want ...string) {
	t.Helper()
	if got, want := deregs(u), strings.Join(want, "\n"); got != want {
		t.Errorf("de-registrations:\n%s\nwant:\n%s", got, want)
		for _, d := range u.Deregistrations {
			t.Logf("%s; missing %q; evidence %v", d.Cause, d.Missing, d.Evidence)
		}
	}
}

// state gives what is active in the end, one word per address-of-record and contact.
func state(u *story.User) string {
	var out []string
	for _, b := range u.Bindings {
		if b.Active {
			out = append(out, b.AOR+" "+b.Contact)
		}
	}
	return strings.Join(out, "\n")
}

func cxMessage(request bool, seq int, avps func(*diameter.Builder)) []byte {
	make := diameter.NewAnswer
	if request {
		make = diameter.NewRequest
	}
	b := make(304, 16777216, uint32(seq), uint32(seq))
	b.String(diameter.AVPSessionID, 0, 0x40, fmt.Sprint("hss;", seq))
	b.String(diameter.AVPOriginHost, 0, 0x40, "hss.home1.net")
	avps(b)
	return b.Message()
}
