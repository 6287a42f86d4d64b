package sip

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"math"

	"imscope/decode/problem"
)

// Limits of one message. All are far above what an IMS sends and only keep hostile input cheap.
const (
	// maxHeaders is how many header lines are kept. The longest real requests have about 100.
	maxHeaders = 1024
	// maxProblems is how many problems one message may have before the rest is summed up as one.
	maxProblems = 64
)

// ErrNotSIP says that the bytes do not begin with a SIP start line.
var ErrNotSIP = errors.New("sip: no start line")

// ErrTooLong says that a message goes beyond what spans can address or a stream may hold.
var ErrTooLong = errors.New("sip: message too long")

// Header is one header line with its continuation lines. Name is without the colon, Value without
// the white space around it; a folded Value keeps its line ends (see [Unfold]).
type Header struct {
	ID          HeaderID
	Name, Value problem.Span
}

// Message is one request or response. All spans and slices point into Raw, which is the caller's.
// The zero value is ready for Parse, and a Message is meant to be parsed into again and again.
type Message struct {
	Raw       []byte
	IsRequest bool
	Method    Method // MethodNone in a response
	Status    int    // 0 in a request, and where the status code is not three digits

	MethodSpan problem.Span // valid iff IsRequest
	RequestURI problem.Span // valid iff IsRequest; without the angle brackets some senders add
	Reason     problem.Span // valid iff not IsRequest
	Version    problem.Span // "SIP/2.0"; empty where it is missing

	Headers  []Header
	Body     problem.Span
	Problems []problem.Problem

	// ContentLength is the announced length, -1 if absent or unreadable. It may be larger than
	// Body.Len: then Truncated is set.
	ContentLength int
	Truncated     bool

	start   problem.Span      // the start line without its line end
	first   [headerIDs]uint16 // index+1 of the first header with this ID
	cr      bool              // lines end in CR alone
	checked bool              // Check has run
	headCut bool              // the end of the header fields was not captured
}

// Parse reads one datagram or one framed message. It resets m, borrows raw and allocates nothing
// once m's slices have grown. White space lines before the start line are skipped (RFC 3261 7.5).
//
// The error is ErrNotSIP or ErrTooLong, and m is then empty. Everything else that is wrong is in
// m.Problems. Bytes behind the announced body are left out of Body (RFC 3261 18.3).
//
// A message whose Call-ID or CSeq is missing, and whose body looks like header lines, was broken by
// a stray empty line: the lines are joined and the damage reported.
func (m *Message) Parse(raw []byte) error {
	m.reset(raw)
	if uint64(len(raw)) > math.MaxUint32 {
		m.Raw = nil
		return ErrTooLong
	}
	from := startOf(raw)
	pos, ok := m.parseStart(from)
	if !ok {
		m.reset(nil)
		return ErrNotSIP
	}
	if ends := skipLineEnds(raw); ends < from {
		m.report(ProbBeforeStart, span(ends, from))
	}
	pos = m.parseHeaders(pos)
	m.parseBody(pos)
	return nil
}

// ParseStream is Parse for a message cut out of a byte stream by [Frame], where Content-Length is
// not optional (RFC 3261 18.3).
func (m *Message) ParseStream(raw []byte) error {
	if err := m.Parse(raw); err != nil {
		return err
	}
	if m.first[HdrContentLength] == 0 {
		m.report(ProbNoContentLength, m.start)
	}
	return nil
}

// ParseCut is Parse for a message whose end was not captured. A header line that the cut went through is left out of Raw:
// half an address is another address.
func (m *Message) ParseCut(raw []byte) error {
	start := skipLineEnds(raw)
	head, _, _ := frameHead(raw[start:])
	if n := bytes.LastIndexByte(raw, '\n') + 1; head == 0 && n > start {
		raw = raw[:n]
	}
	err := m.Parse(raw)
	m.headCut = err == nil && head == 0
	return err
}

func (m *Message) reset(raw []byte) {
	h, p := m.Headers[:0], m.Problems[:0]
	*m = Message{} // a value with fields in it would be made elsewhere and copied here
	m.Raw, m.Headers, m.Problems, m.ContentLength = raw, h, p, -1
}

// report appends a problem, up to maxProblems.
func (m *Message) report(code *problem.Code, s problem.Span) {
	switch n := len(m.Problems); {
	case n < maxProblems:
		m.Problems = append(m.Problems, problem.Problem{Code: code, Span: s})
	case n == maxProblems:
		m.Problems = append(m.Problems, problem.Problem{Code: ProbMoreProblems, Span: s})
	}
}

// reportOnce is report for what is said once a message, at the first place.
func (m *Message) reportOnce(code *problem.Code, s problem.Span) {
	for i := range m.Problems {
		if m.Problems[i].Code == code {
			return
		}
	}
	m.report(code, s)
}

func span(from, to int) problem.Span {
	return problem.Span{Off: uint32(from), Len: uint32(to - from)}
}

// skipLineEnds returns the offset of the first byte that is neither CR nor LF.
func skipLineEnds(b []byte) int {
	i := 0
	for i < len(b) && (b[i] == '\r' || b[i] == '\n') {
		i++
	}
	return i
}

// StartLine returns the request or status line without its line end.
func (m *Message) StartLine() []byte { return m.start.In(m.Raw) }

// First returns the value of the first header with this ID, nil if there is none. Folding is kept.
// An empty value is not nil.
func (m *Message) First(id HeaderID) []byte {
	if h := m.Header(id); h != nil {
		return h.Value.In(m.Raw)
	}
	return nil
}

// Header returns the first header with this ID, nil if there is none. HdrUnknown is never found.
func (m *Message) Header(id HeaderID) *Header {
	if id >= headerIDs || m.first[id] == 0 {
		return nil
	}
	return &m.Headers[m.first[id]-1]
}

// All yields the values of the headers with this ID, in order: one value per line, so a comma list
// comes as one value.
func (m *Message) All(id HeaderID) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if id >= headerIDs || m.first[id] == 0 {
			return
		}
		for i := int(m.first[id]) - 1; i < len(m.Headers); i++ {
			if h := &m.Headers[i]; h.ID == id && !yield(h.Value.In(m.Raw)) {
				return
			}
		}
	}
}

// Named returns the value of the first header spelled like name in any case, nil if there is none.
// It is for header fields without an ID.
func (m *Message) Named(name string) []byte {
	for i := range m.Headers {
		if h := &m.Headers[i]; equalFold(h.Name.In(m.Raw), name) {
			return h.Value.In(m.Raw)
		}
	}
	return nil
}

// AppendTo appends the message as it was read: exactly the bytes given to Parse.
func (m *Message) AppendTo(dst []byte) []byte { return append(dst, m.Raw...) }

// WriteTo writes the message as it was read.
func (m *Message) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(m.Raw)
	return int64(n), err
}
