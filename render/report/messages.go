package report

import (
	"net/netip"

	"imscope/correlate/story"
	"imscope/decode"
	"imscope/decode/diameter"
	"imscope/decode/sip"
	"imscope/render"
)

// Limits of the messages that are kept.
const (
	// maxMessage is how much of one message is shown; the longest NOTIFYs of real registrars, with every
	// identity of a company, have 60 kB.
	maxMessage = 48 << 10
	// maxBytes is how much is kept of all messages.
	maxBytes = 12 << 20
)

// Message is one message as it was transmitted.
type Message struct {
	Frame     uint32
	Src, Dst  netip.AddrPort
	Transport string // "udp", "tcp in vlan 10"
	Raw       []byte // owned; cut at maxMessage
	Cut       int    // bytes that are missing at its end
	Diameter  bool

	callID  string
	cseq    uint32
	status  int // 0 of a request
	endID   uint32
	request bool
}

// Messages holds the messages that a report shows.
type Messages struct {
	Left  int // messages that there was no room for
	byNum map[uint32][]*Message
	bytes int
}

// Add keeps a message of a record. The record is borrowed.
func (m *Messages) Add(rec *decode.Record) {
	msg := &Message{Frame: rec.Frame, Src: rec.Src, Dst: rec.Dst, Transport: rec.Proto.String()}
	if p := rec.Path.String(); p != "" {
		msg.Transport += " in " + p
	}
	var raw []byte
	switch {
	case rec.SIP != nil:
		s := rec.SIP
		raw = s.Raw
		msg.callID, msg.status, msg.request = string(s.First(sip.HdrCallID)), s.Status, s.IsRequest
		msg.cseq, _, _ = sip.ParseCSeq(s.First(sip.HdrCSeq))
	case rec.Diameter != nil:
		raw = rec.Diameter.Raw
		msg.Diameter, msg.endID, msg.request = true, rec.Diameter.EndToEnd, rec.Diameter.Request
	default:
		return
	}
	if n := len(raw) - maxMessage; n > 0 {
		msg.Cut, raw = n, raw[:maxMessage]
	}
	if m.bytes+len(raw) > maxBytes {
		m.Left++
		return
	}
	m.bytes += len(raw)
	msg.Raw = append(make([]byte, 0, len(raw)), raw...)
	if m.byNum == nil {
		m.byNum = map[uint32][]*Message{}
	}
	m.byNum[rec.Frame] = append(m.byNum[rec.Frame], msg)
}

// Len counts the messages.
func (m *Messages) Len() int {
	n := 0
	for _, l := range m.byNum {
		n += len(l)
	}
	return n
}

// Find gives the message of a hop, nil if there is none. A frame may have completed several messages, so
// that what the event says has to fit.
func (m *Messages) Find(e *story.Event, h *story.Hop) *Message {
	if m == nil {
		return nil
	}
	for _, msg := range m.byNum[h.Frame] {
		if msg.fits(e) {
			return msg
		}
	}
	return nil
}

func (m *Message) fits(e *story.Event) bool {
	switch {
	case e.Cx != nil:
		return m.Diameter && m.endID == e.Cx.EndToEnd && m.request == (e.Method == e.Cx.Name)
	case e.Exchange != nil:
		return !m.Diameter && m.callID == e.Exchange.CallID && m.cseq == e.Exchange.CSeq && m.status == e.Status
	}
	return false
}

// Kind of a line.
type Kind uint8

// The kinds of lines.
const (
	Start  Kind = iota // the start line, or a Diameter command
	Header             // a header or AVP with its name
	Gap                // between headers and body
	Body               // a line of the body
	Remark             // ours, not the wire's
)

// Line is a line of a message as it is shown.
type Line struct {
	Kind      Kind
	Name      string // of a header or AVP
	Value     string
	Depth     int  // of an AVP inside others
	Important bool // it matters to a registration
}

// Lines gives a message line by line. Keys that protect the user's traffic are left out: whoever gets a
// report has no business with them.
func (m *Message) Lines() []Line {
	var l []Line
	if m.Diameter {
		l = diameterLines(m.Raw)
	} else {
		l = sipLines(m.Raw)
	}
	if m.Cut > 0 {
		l = append(l, Line{Kind: Remark, Value: "… " + render.Count(m.Cut, "more byte") + ", cut for this report"})
	}
	return l
}

// Filter is what Wireshark is asked to show the frames.
func Filter(frames []uint32) string {
	const each = len("frame.number==1234567||")
	b := make([]byte, 0, len(frames)*each)
	for i, f := range frames {
		if i > 0 {
			b = append(b, "||"...)
		}
		b = append(b, "frame.number=="...)
		b = appendUint(b, f)
	}
	return string(b)
}

func diameterLines(raw []byte) []Line {
	var m diameter.Message
	if err := m.Parse(raw); err != nil {
		return []Line{{Kind: Remark, Value: "not readable: " + err.Error()}}
	}
	return avpLines(&m)
}
