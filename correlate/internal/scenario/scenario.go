// Package scenario feeds an engine with messages as a capture would, for tests: registrations,
// subscriptions, documents, Cx, each on all its hops, one frame a transmission.
package scenario

import (
	"cmp"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"imscope/correlate"
	"imscope/correlate/story"
	"imscope/decode"
	"imscope/decode/diameter"
	"imscope/decode/network"
	"imscope/decode/sip"
)

// A Scenario feeds an engine with messages as a capture would, one frame each.
type Scenario struct {
	t      *testing.T
	Engine *correlate.Engine
	Also   func(*decode.Record) // gets each message as well, before the engine; may be nil
	Frame  uint32               // of the last message
	Now    int64                // ns
	seq    int
	rtr    int    // of the last RTR
	asked  string // branch of the last REGISTER
	notify func(path []string) uint32
	path   network.Path
	proto  network.Proto
}

// Addresses and names of the cast.
const (
	UE1   = "10.0.0.1:5060"
	UE2   = "10.0.0.2:5060"
	PCSCF = "10.9.0.1:5060"
	SCSCF = "10.9.0.3:5060"
	HSS   = "10.9.0.4:3868"

	Alice    = "sip:alice@home1.net"
	AliceTel = "tel:+15550001"
	Phone    = "sip:alice@10.0.0.1:5060"
	Tablet   = "sip:alice@10.0.0.2:5060"
)

// New starts a capture.
func New(t *testing.T) *Scenario {
	return &Scenario{t: t, Engine: correlate.NewEngine(correlate.Options{}), Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano()}
}

// Wait lets time pass.
func (s *Scenario) Wait(d time.Duration) { s.Now += int64(d) }

// Send transmits a SIP message and returns its frame.
func (s *Scenario) Send(src, dst, text string) uint32 {
	s.t.Helper()
	s.Frame++
	s.Now += int64(time.Millisecond)
	var m sip.Message
	if err := m.Parse([]byte(strings.ReplaceAll(text, "\n", "\r\n"))); err != nil {
		s.t.Fatalf("frame %d: %v", s.Frame, err)
	}
	s.observe(&decode.Record{Frame: s.Frame, Frames: []uint32{s.Frame}, Time: s.Now,
		Src: netip.MustParseAddrPort(src), Dst: netip.MustParseAddrPort(dst), Path: s.path, Proto: s.proto, SIP: &m})
	return s.Frame
}

func (s *Scenario) observe(rec *decode.Record) {
	if s.Also != nil {
		s.Also(rec)
	}
	s.Engine.Observe(rec)
}

// Via writes the Via headers of a path, the newest first.
func Via(branch string, path ...string) string {
	var b strings.Builder
	for i := len(path) - 1; i >= 0; i-- {
		fmt.Fprintf(&b, "Via: SIP/2.0/UDP %s;branch=z9hG4bK%s-%d\n", path[i], branch, i)
	}
	return b.String()
}

// Register describes a REGISTER of alice; the zero value of a field takes the usual.
type Register struct {
	UE, Contact string
	AOR         string
	Header      string // further header lines
	Expires     int
	Star        bool
	CSeq        int
	CallID      string
	IMPI        string

	Mw           string // header lines that the P-CSCF adds
	Auth, MwAuth string // further parameters of Authorization: the phone's, the P-CSCF's
	Nonce        string // of the challenge that it answers, "n" if empty
	Empty        bool   // with an empty response
	Unchallenged bool   // the first REGISTER of IMS AKA: nonce and response are empty
	ContactLine  string // whole Contact header lines instead; "-" for none
	NoExpires    bool   // without Expires header
	RequestURI   string // sip:home1.net if empty
}

func (r Register) Text(branch string, path ...string) string {
	if r.AOR == "" {
		r.AOR = Alice
	}
	if r.CallID == "" {
		r.CallID = "reg-" + r.UE
	}
	if r.IMPI == "" {
		r.IMPI = "alice@home1.net"
	}
	contact := fmt.Sprintf("<%s>;expires=%d", r.Contact, r.Expires)
	if r.Star {
		contact = "*"
	}
	contact = "Contact: " + contact + "\n"
	if r.ContactLine != "" {
		contact = strings.TrimPrefix(r.ContactLine, "-")
	}
	if !r.NoExpires {
		contact += fmt.Sprintf("Expires: %d\n", r.Expires)
	}
	auth, header, response := r.Auth, r.Header, "00"
	if len(path) > 1 {
		auth, header = auth+r.MwAuth, header+r.Mw
	}
	if r.Empty || r.Unchallenged {
		response = ""
	}
	nonce := cmp.Or(r.Nonce, "n")
	if r.Unchallenged {
		nonce = ""
	}
	return fmt.Sprintf("REGISTER %s SIP/2.0\n%sFrom: <%s>;tag=f\nTo: <%s>\nCall-ID: %s\nCSeq: %d REGISTER\n%s"+
		"Authorization: Digest username=%q, realm=\"home1.net\", nonce=%q, uri=\"sip:home1.net\", response=%q%s\n%sContent-Length: 0\n\n",
		cmp.Or(r.RequestURI, "sip:home1.net"), Via(branch, path...), r.AOR, r.AOR, r.CallID, r.CSeq, contact, r.IMPI, nonce, response, auth, header)
}

// Ask sends a REGISTER over Gm and Mw and returns the frame of the first hop.
func (s *Scenario) Ask(r Register) uint32 {
	s.seq++
	b := fmt.Sprint("r", s.seq)
	s.asked = b
	f := s.Send(r.UE, PCSCF, r.Text(b, r.UE))
	s.Send(PCSCF, SCSCF, r.Text(b, r.UE, PCSCF))
	return f
}

// Answer sends the response to the last REGISTER back over both hops and returns the last frame.
func (s *Scenario) Answer(r Register, status int, header string) uint32 {
	b := s.asked
	if r.AOR == "" {
		r.AOR = Alice
	}
	if r.CallID == "" {
		r.CallID = "reg-" + r.UE
	}
	text := func(path ...string) string {
		return fmt.Sprintf("SIP/2.0 %d X\n%sFrom: <%s>;tag=f\nTo: <%s>;tag=t\nCall-ID: %s\nCSeq: %d REGISTER\n%sContent-Length: 0\n\n",
			status, Via(b, path...), r.AOR, r.AOR, r.CallID, r.CSeq, header)
	}
	s.Send(SCSCF, PCSCF, text(r.UE, PCSCF))
	return s.Send(PCSCF, r.UE, text(r.UE))
}

// Query sends a REGISTER without Contact, which asks what is bound, over Gm. It also shows that the capture goes on.
func (s *Scenario) Query(ue string) uint32 {
	s.seq++
	return s.Send(ue, PCSCF, fmt.Sprintf("REGISTER sip:home1.net SIP/2.0\n%sFrom: <%s>;tag=1\nTo: <%s>\nCall-ID: q%d\nCSeq: 9 REGISTER\nExpires: 0\n\n",
		Via(fmt.Sprint("q", s.seq), ue), Alice, Alice, s.seq))
}

// Associated is the P-Associated-URI of Alice's registrations.
const Associated = "P-Associated-URI: <" + Alice + ">, <" + AliceTel + ">\n"

// Registered does a whole registration that is granted for as long as it asks.
func (s *Scenario) Registered(r Register) {
	s.Ask(r)
	s.Answer(r, 200, Associated+fmt.Sprintf("Contact: <%s>;expires=%d\nService-Route: <sip:scscf.home1.net;lr>\n", r.Contact, r.Expires))
}

// Subscribe makes a UE's reg subscription.
func (s *Scenario) Subscribe(ue, contact string) {
	s.seq++
	b := fmt.Sprint("s", s.seq)
	req := func(path ...string) string {
		return fmt.Sprintf("SUBSCRIBE %s SIP/2.0\n%sFrom: <%s>;tag=w\nTo: <%s>\nCall-ID: sub-%s\nCSeq: 1 SUBSCRIBE\nEvent: reg\nExpires: 600000\nContact: <%s>\nContent-Length: 0\n\n",
			Alice, Via(b, path...), Alice, Alice, ue, contact)
	}
	s.Send(ue, PCSCF, req(ue))
	s.Send(PCSCF, SCSCF, req(ue, PCSCF))
	res := func(path ...string) string {
		return fmt.Sprintf("SIP/2.0 200 OK\n%sFrom: <%s>;tag=w\nTo: <%s>;tag=n\nCall-ID: sub-%s\nCSeq: 1 SUBSCRIBE\nExpires: 600000\nContent-Length: 0\n\n",
			Via(b, path...), Alice, Alice, ue)
	}
	s.Send(SCSCF, PCSCF, res(ue, PCSCF))
	s.Send(PCSCF, ue, res(ue))
}

// Notify sends a document to a UE's subscription, answered 200, and returns its first frame.
func (s *Scenario) Notify(ue string, version int, state, regs string) uint32 {
	s.seq++
	b := fmt.Sprint("n", s.seq)
	body := fmt.Sprintf("<?xml version=\"1.0\"?>\n<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"%d\" state=\"%s\">%s</reginfo>\n", version, state, regs)
	req := func(path ...string) string {
		return fmt.Sprintf("NOTIFY sip:alice@%s SIP/2.0\n%sFrom: <%s>;tag=n\nTo: <%s>;tag=w\nCall-ID: sub-%s\nCSeq: %d NOTIFY\nEvent: reg\nSubscription-State: active;expires=1000\n"+
			"Content-Type: application/reginfo+xml\nContent-Length: %d\n\n%s", ue, Via(b, path...), Alice, Alice, ue, s.seq, len(strings.ReplaceAll(body, "\n", "\r\n")), body)
	}
	f := s.Send(SCSCF, PCSCF, req(SCSCF))
	s.Send(PCSCF, ue, req(SCSCF, PCSCF))
	res := func(path ...string) string {
		return fmt.Sprintf("SIP/2.0 200 OK\n%sFrom: <%s>;tag=n\nTo: <%s>;tag=w\nCall-ID: sub-%s\nCSeq: %d NOTIFY\nContent-Length: 0\n\n",
			Via(b, path...), Alice, Alice, ue, s.seq)
	}
	s.Send(ue, PCSCF, res(SCSCF, PCSCF))
	s.Send(PCSCF, SCSCF, res(SCSCF))
	return f
}

// Reg writes a registration element; a contact is "id state event uri [expires]".
func Reg(aor, state string, contacts ...string) string {
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

// Both writes the registrations of both of Alice's identities.
func Both(state string, contacts ...string) string {
	return Reg(Alice, state, contacts...) + Reg(AliceTel, state, contacts...)
}

// RTR sends an RTR and its answer.
func (s *Scenario) RTR(reason uint32, result uint32, public ...string) uint32 {
	s.seq++
	s.rtr = s.seq
	f := s.sendCx(HSS, SCSCF, cxMessage(true, s.seq, func(b *diameter.Builder) {
		b.String(diameter.AVPUserName, 0, 0x40, "alice@home1.net")
		for _, p := range public {
			b.String(diameter.AVPPublicIdentity, diameter.Vendor3GPP, 0x40, p)
		}
		b.Group(diameter.AVPDeregistrationReason, diameter.Vendor3GPP, 0x40, func(b *diameter.Builder) {
			b.U32(diameter.AVPReasonCode, diameter.Vendor3GPP, 0x40, reason)
		})
	}))
	if result != 0 {
		s.RTRAnswer(result)
	}
	return f
}

// RTRAnswer answers the last RTR, or one that was sent before what else happened since.
func (s *Scenario) RTRAnswer(result uint32) uint32 {
	return s.sendCx(SCSCF, HSS, cxMessage(false, s.rtr, func(b *diameter.Builder) {
		b.U32(diameter.AVPResultCode, 0, 0x40, result)
	}))
}

func (s *Scenario) sendCx(src, dst string, raw []byte) uint32 {
	s.Frame++
	s.Now += int64(time.Millisecond)
	var m diameter.Message
	if err := m.Parse(raw); err != nil {
		s.t.Fatal(err)
	}
	s.observe(&decode.Record{Frame: s.Frame, Time: s.Now, Src: netip.MustParseAddrPort(src), Dst: netip.MustParseAddrPort(dst), Diameter: &m})
	return s.Frame
}

// Close ends the capture and returns the only user.
func (s *Scenario) Close() *story.User {
	s.t.Helper()
	r := s.Engine.Close(nil, nil)
	if r.Len() != 1 {
		s.t.Fatalf("%d users, want 1", r.Len())
	}
	for u := range r.Users() {
		return u
	}
	return nil
}

// Deregs words the de-registrations for comparison.
func Deregs(u *story.User) string {
	var lines []string
	for _, d := range u.Deregistrations {
		lines = append(lines, fmt.Sprintf("%s %s %s #%d %s", d.Initiator, d.Outcome, d.Scope, d.TriggerFrame, strings.Join(d.Contacts, " ")))
	}
	return strings.Join(lines, "\n")
}

// Expect compares the de-registrations, one line each as Deregs words them.
func Expect(t *testing.T, u *story.User, want ...string) {
	t.Helper()
	if got, want := Deregs(u), strings.Join(want, "\n"); got != want {
		t.Errorf("de-registrations:\n%s\nwant:\n%s", got, want)
		for _, d := range u.Deregistrations {
			t.Logf("%s; missing %q; evidence %v", d.Cause, d.Missing, d.Evidence)
		}
	}
}

// Active gives what is active in the end, one word per address-of-record and contact.
func Active(u *story.User) string {
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
