package diameter

import (
	"encoding/binary"
	"errors"
	"strconv"

	"imscope/decode/problem"
)

// HeaderLen is the length of the message header (RFC 6733 3).
const HeaderLen = 20

// Command flags (RFC 6733 3).
const (
	FlagRequest    = 0x80
	FlagProxiable  = 0x40
	FlagError      = 0x20
	FlagRetransmit = 0x10
	flagsReserved  = 0x0f
)

// Limits on one message.
const (
	// maxMessage is the longest message that is believed. The length field could say 16 MiB; the
	// longest Cx message, a profile with many filter criteria, has some ten kilobytes.
	maxMessage = 1 << 20
	// maxDepth is how deep grouped AVPs are followed. Cx nests three deep
	// (SCSCF-Restoration-Info, Restoration-Info, Subscription-Info).
	maxDepth = 8
	// maxProblems of one message; the next one becomes ProbLimit.
	maxProblems = 32
)

// Why bytes are no Diameter message.
var (
	ErrShort   = errors.New("diameter: shorter than a header")
	ErrVersion = errors.New("diameter: version is not 1")
	ErrLength  = errors.New("diameter: impossible message length")
)

// Message is one Diameter message. It borrows the bytes given to Parse: they must not change while
// it is in use, and whatever comes out of it must be copied to live longer than they do.
type Message struct {
	// Raw is the message without anything behind it.
	Raw []byte
	// Request, Proxiable, Error and Retransmit are the command flags R, P, E and T.
	Request, Proxiable, Error, Retransmit bool
	// Command is the command code, the same for a request and its answer.
	Command uint32
	// AppID is the Application-Id.
	AppID uint32
	// HopByHop matches an answer with its request on one connection.
	HopByHop uint32
	// EndToEnd together with Origin-Host names a request across agents.
	EndToEnd uint32
	// Problems in the order they were found; spans point into Raw, or behind its end for
	// ProbTrailing.
	Problems []problem.Problem

	truncated bool // Raw ends before the message does
}

// Parse reads the message at the start of raw. It resets m, borrows raw and allocates nothing beyond
// the problems it reports. A message that was cut off keeps the AVPs that are complete. An error
// means that raw is no Diameter message.
func (m *Message) Parse(raw []byte) error {
	*m = Message{Problems: m.Problems[:0]}
	if len(raw) < HeaderLen {
		return ErrShort
	}
	n, err := messageLen(raw)
	if err != nil {
		return err
	}
	m.Raw = raw
	switch {
	case n > len(raw):
		m.truncated = true
		m.report(ProbTruncated, len(raw), 0)
	case n < len(raw):
		m.Raw = raw[:n:n]
		m.report(ProbTrailing, n, len(raw)-n)
	}
	flags := raw[4]
	m.Request = flags&FlagRequest != 0
	m.Proxiable = flags&FlagProxiable != 0
	m.Error = flags&FlagError != 0
	m.Retransmit = flags&FlagRetransmit != 0
	m.Command = uint24(raw[5:])
	m.AppID = binary.BigEndian.Uint32(raw[8:])
	m.HopByHop = binary.BigEndian.Uint32(raw[12:])
	m.EndToEnd = binary.BigEndian.Uint32(raw[16:])
	if flags&flagsReserved != 0 {
		m.report(ProbReserved, 4, 1)
	}
	if m.Request && m.Error {
		m.report(ProbErrorRequest, 4, 1)
	}
	m.check(m.Raw[HeaderLen:], HeaderLen, 0)
	return nil
}

// messageLen reads the message length of a header of at least four bytes.
func messageLen(b []byte) (int, error) {
	if b[0] != 1 {
		return 0, ErrVersion
	}
	n := int(uint24(b[1:]))
	if n < HeaderLen || n%4 != 0 || n > maxMessage {
		return 0, ErrLength
	}
	return n, nil
}

func uint24(b []byte) uint32 { return uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2]) }

// report attaches a problem for n bytes from off.
func (m *Message) report(code *problem.Code, off, n int) {
	if len(m.Problems) > maxProblems {
		return
	}
	if len(m.Problems) == maxProblems {
		code = ProbLimit
	}
	m.Problems = append(m.Problems, problem.Problem{Code: code, Span: problem.Span{Off: uint32(off), Len: uint32(n)}})
}

// check walks over all AVPs of b, which starts at offset base of the message, and reports what is
// wrong with them.
func (m *Message) check(b []byte, base, depth int) {
	w := walker{b: b, base: base, cx: m.AppID == AppCx}
	var a AVP
	for w.next(&a) {
		if a.Vendor == Vendor3GPP && a.Flags&AVPVendor == 0 {
			m.report(ProbNoVendor, a.Off, a.Len)
		}
		t := typeOf(a.Vendor, a.Code)
		switch {
		case t == typeUnsigned32 && len(a.Data) != 4:
			m.report(ProbAVPType, a.Off, a.Len)
		case t == typeGrouped && depth+1 >= maxDepth:
			m.report(ProbLimit, a.Off, a.Len)
		case t == typeGrouped:
			m.check(a.Data, a.Off+a.Len-len(a.Data), depth+1)
		}
		if w.gap != 0 {
			m.report(ProbPadding, base+w.gap, 0)
			w.gap = 0
		}
	}
	// Where the message was cut off, that its last AVP is cut off too is no news.
	if w.broken && !m.truncated {
		m.report(ProbAVPLength, base+w.pos, len(b)-w.pos)
	}
}

// Name returns the abbreviation that the specifications use, for example "SAR" for a request and
// "SAA" for an answer; commands without one become "Diameter 274 request".
func (m *Message) Name() string {
	if c := commandOf(m.Command, m.AppID); c != nil {
		if m.Request {
			return c.request
		}
		return c.answer
	}
	kind := " answer"
	if m.Request {
		kind = " request"
	}
	return "Diameter " + strconv.FormatUint(uint64(m.Command), 10) + kind
}
