package scenario

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"imscope/decode"
	"imscope/decode/diameter"
	"imscope/decode/network"
	"imscope/decode/problem"
	"imscope/decode/sip"
)

// Further members of the cast.
const (
	PCSCFURI = "sip:pcscf.home1.net"
	ASURI    = "sip:as.home1.net"
	Notifier = "sip:scscf.home1.net"
)

// Watch describes a SUBSCRIBE for Alice's registration; the zero value of a field takes the usual.
type Watch struct {
	By           string // address of the watcher: a UE (through the P-CSCF), PCSCF or AS
	From         string // URI
	To           string
	Contact      string // "-" for none
	CallID       string
	Expires      int // "-1" for 0
	CSeq         int
	InDialog     bool
	Status       int    // of the answer; -1 for none
	Header       string // further header lines of the request
	AnswerHeader string // of the answer, instead of Contact
}

// usual fills in what a Watch leaves open.
func (w Watch) usual() Watch {
	switch w.By {
	case "":
		w.By = UE1
		fallthrough
	default:
		w.From, w.Contact = or(w.From, Alice), or(w.Contact, "sip:alice@"+w.By)
	case PCSCF:
		w.From, w.Contact = or(w.From, PCSCFURI), or(w.Contact, PCSCFURI)
	case AS:
		w.From, w.Contact = or(w.From, ASURI), or(w.Contact, ASURI)
	}
	w.To, w.CallID = or(w.To, Alice), or(w.CallID, "sub-"+w.By)
	w.AnswerHeader = or(w.AnswerHeader, "Contact: <"+Notifier+">\n")
	switch {
	case w.Expires == 0:
		w.Expires = 600000
	case w.Expires < 0:
		w.Expires = 0
	}
	if w.CSeq == 0 {
		w.CSeq = 1
	}
	if w.Status == 0 {
		w.Status = 200
	}
	return w
}

func or(s, usual string) string {
	if s == "" {
		return usual
	}
	return s
}

// way gives the hops from a watcher to the S-CSCF.
func way(watcher string) []string {
	if watcher == PCSCF || watcher == AS {
		return []string{watcher, SCSCF}
	}
	return []string{watcher, PCSCF, SCSCF}
}

// Watches sends a SUBSCRIBE with its answer and returns the first frame of the request and that of the
// answer, 0 for none.
func (s *Scenario) Watches(w Watch) (request, answer uint32) {
	w = w.usual()
	b, hops := s.branch("s"), way(w.By)
	tag := ""
	if w.InDialog {
		tag = ";tag=n"
	}
	for i := range len(hops) - 1 {
		contact := "Contact: <" + w.Contact + ">\n"
		if w.Contact == "-" {
			contact = ""
		}
		f := s.Send(hops[i], hops[i+1], fmt.Sprintf("SUBSCRIBE %s SIP/2.0\n%sFrom: <%s>;tag=w\nTo: <%s>%s\nCall-ID: %s\nCSeq: %d SUBSCRIBE\nEvent: reg\nExpires: %d\n%s%sContent-Length: 0\n\n",
			w.To, Via(b, hops[:i+1]...), w.From, w.To, tag, w.CallID, w.CSeq, w.Expires, contact, w.Header))
		if i == 0 {
			request = f
		}
	}
	if w.Status < 0 {
		return request, 0
	}
	for i := len(hops) - 1; i > 0; i-- {
		f := s.Send(hops[i], hops[i-1], fmt.Sprintf("SIP/2.0 %d X\n%sFrom: <%s>;tag=w\nTo: <%s>;tag=n\nCall-ID: %s\nCSeq: %d SUBSCRIBE\nExpires: %d\n%sContent-Length: 0\n\n",
			w.Status, Via(b, hops[:i]...), w.From, w.To, w.CallID, w.CSeq, w.Expires, w.AnswerHeader))
		if answer == 0 {
			answer = f
		}
	}
	return request, answer
}

// Told describes a NOTIFY in a subscription that Watches made; the zero value of a field takes the usual.
type Told struct {
	By       string // address of the watcher
	From, To string // URIs; the usual is the other way round than in the SUBSCRIBE
	Tag      string // the notifier's
	CallID   string
	CSeq     int    // the usual counts up
	Event    string // "-" for none
	State    string // Subscription-State; "-" for none
	Version  int
	Partial  bool
	Regs     string // registration elements; "" for no body
	Header   string // further header lines
	Status   int    // of the answer; -1 for none
	Pieces   int    // IP fragments that carry it
	Torn     bool   // on the last link only the first fragment is there
	Repeats  int    // retransmissions on each hop
}

// Tells sends a NOTIFY with its answer and returns its first frame.
func (s *Scenario) Tells(n Told) uint32 {
	w := Watch{By: n.By}.usual()
	n.From, n.To, n.Tag = or(n.From, Alice), or(n.To, w.From), or(n.Tag, "n")
	n.CallID, n.Event, n.State = or(n.CallID, w.CallID), or(n.Event, "reg"), or(n.State, "active;expires=1000")
	if n.CSeq == 0 {
		n.CSeq = 1000 + s.seq
	}
	if n.Status == 0 {
		n.Status = 200
	}
	head := n.Header
	if n.Event != "-" {
		head += "Event: " + n.Event + "\n"
	}
	if n.State != "-" {
		head += "Subscription-State: " + n.State + "\n"
	}
	body := ""
	if n.Regs != "" {
		state := "full"
		if n.Partial {
			state = "partial"
		}
		body = fmt.Sprintf("<?xml version=\"1.0\"?>\n<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"%d\" state=\"%s\">%s</reginfo>\n", n.Version, state, n.Regs)
		head += "Content-Type: application/reginfo+xml\n"
	}
	b, hops := s.branch("n"), way(w.By)
	size := len(strings.ReplaceAll(body, "\n", "\r\n"))
	first := uint32(0)
	for i := len(hops) - 1; i > 0; i-- {
		text := fmt.Sprintf("NOTIFY %s SIP/2.0\n%sFrom: <%s>;tag=%s\nTo: <%s>;tag=w\nCall-ID: %s\nCSeq: %d NOTIFY\nMax-Forwards: 70\n%sContent-Length: %d\n\n%s",
			w.Contact, Via(b, reversed(hops[i:])...), n.From, n.Tag, n.To, n.CallID, n.CSeq, head, size, body)
		for r := range n.Repeats + 1 {
			if r > 0 {
				s.Wait(time.Second)
			}
			f := s.sendPieces(max(n.Pieces, 1), n.Torn && i == 1, hops[i], hops[i-1], text)
			if first == 0 {
				first = f
			}
		}
	}
	if n.Status < 0 {
		return first
	}
	for i := range len(hops) - 1 {
		s.Send(hops[i], hops[i+1], fmt.Sprintf("SIP/2.0 %d X\n%sFrom: <%s>;tag=%s\nTo: <%s>;tag=w\nCall-ID: %s\nCSeq: %d NOTIFY\nContent-Length: 0\n\n",
			n.Status, Via(b, reversed(hops[i+1:])...), n.From, n.Tag, n.To, n.CallID, n.CSeq))
	}
	return first
}

// branch makes a new branch.
func (s *Scenario) branch(kind string) string {
	s.seq++
	return fmt.Sprint(kind, s.seq)
}

func reversed(hops []string) []string {
	out := make([]string, 0, len(hops))
	for i := len(hops) - 1; i >= 0; i-- {
		out = append(out, hops[i])
	}
	return out
}

// SendPieces transmits a SIP message over UDP in some IP fragments and returns the frame of the last.
func (s *Scenario) SendPieces(pieces int, src, dst, text string) uint32 {
	return s.sendPieces(pieces, false, src, dst, text)
}

func (s *Scenario) sendPieces(pieces int, torn bool, src, dst, text string) uint32 {
	s.t.Helper()
	if torn {
		pieces = 1
	}
	s.Now += int64(time.Millisecond)
	frames := make([]uint32, 0, pieces)
	for range pieces {
		s.Frame++
		frames = append(frames, s.Frame)
	}
	var m sip.Message
	if err := m.Parse([]byte(strings.ReplaceAll(text, "\n", "\r\n"))); err != nil {
		s.t.Fatalf("frame %d: %v", s.Frame, err)
	}
	if torn {
		m.Problems = append(m.Problems, problem.Problem{Code: decode.ProbFragment})
	}
	s.observe(&decode.Record{Frame: s.Frame, Frames: frames, Time: s.Now, Proto: network.UDP,
		Src: netip.MustParseAddrPort(src), Dst: netip.MustParseAddrPort(dst), SIP: &m})
	return s.Frame
}

// PPR pushes a profile with these public identities to the S-CSCF, answered with success.
func (s *Scenario) PPR(public ...string) uint32 {
	s.seq++
	message := func(b *diameter.Builder, avps func()) []byte {
		b.String(diameter.AVPSessionID, 0, 0x40, fmt.Sprint("ppr;", s.seq))
		b.String(diameter.AVPOriginHost, 0, 0x40, "hss.home1.net")
		avps()
		return b.Message()
	}
	const pushProfile = 305
	q := diameter.NewRequest(pushProfile, 16777216, uint32(s.seq), uint32(s.seq))
	f := s.sendCx(HSS, SCSCF, message(q, func() {
		var xml strings.Builder
		for _, p := range public {
			xml.WriteString("<PublicIdentity><Identity>" + p + "</Identity></PublicIdentity>")
		}
		q.String(diameter.AVPUserName, 0, 0x40, "alice@home1.net")
		q.String(diameter.AVPUserData, diameter.Vendor3GPP, 0x40, "<?xml version=\"1.0\"?><IMSSubscription><PrivateID>alice@home1.net</PrivateID><ServiceProfile>"+xml.String()+"</ServiceProfile></IMSSubscription>")
	}))
	a := diameter.NewAnswer(pushProfile, 16777216, uint32(s.seq), uint32(s.seq))
	s.sendCx(SCSCF, HSS, message(a, func() { a.U32(diameter.AVPResultCode, 0, 0x40, 2001) }))
	return f
}

// Removed does a whole de-registration that the user asks for and returns the frame of the request.
func (s *Scenario) Removed(r Register, cseq int) uint32 {
	r.Expires, r.CSeq = 0, cseq
	f := s.Ask(r)
	s.Answer(r, 200, "Contact: <"+r.Contact+">;expires=0\n")
	return f
}
