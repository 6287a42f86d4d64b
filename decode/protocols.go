package decode

import (
	"bytes"

	"imscope/decode/diameter"
	"imscope/decode/network"
	"imscope/decode/sip"
)

// What connections may carry.
var (
	sipProtocol = &network.Protocol{
		Name:   "sip",
		Start:  sip.IsStart,
		Maybe:  maybeSIP,
		Frame:  sip.Frame,
		Resync: sip.Resync,
		Blind:  true,
		Tail:   sipTail,
		Filler: sip.KeepAlive,
		Headed: hasHeader,
		// As much as a datagram needs to be taken for a message.
		Partial: sip.IsStart,
		Blank:   true,
	}
	diameterProtocol = &network.Protocol{
		Name:    "diameter",
		Start:   diameter.IsStart,
		Maybe:   maybeDiameter,
		Frame:   diameter.Frame,
		Resync:  resyncDiameter,
		Tail:    func(b []byte) int { return min(len(b), diameterHead-1) },
		Partial: func(b []byte) bool { return len(b) >= diameter.HeaderLen && diameter.IsStart(b) },
	}
)

var (
	hepProtocol           = network.NewHEPProtocol()
	wsHandshake, wsFrames = network.NewWebSocketProtocols()
)

// Protocols lists what TCP connections may carry, in the order in which Run looks for it.
func Protocols() []*network.Protocol {
	return []*network.Protocol{sipProtocol, diameterProtocol, hepProtocol, wsHandshake}
}

// diameterHead is how many bytes diameter.IsStart needs.
const diameterHead = 12

func maybeSIP(b []byte) bool {
	n, _, err := sip.Frame(b)
	return n == 0 && err == nil
}

func maybeDiameter(b []byte) bool {
	if len(b) >= diameterHead {
		return false
	}
	_, _, err := diameter.Frame(b)
	return err == nil
}

// sipTail returns the length of the unfinished line at the end of b, the only place where a start line can hide that
// sip.Resync does not see yet.
func sipTail(b []byte) int {
	const maxStartLine = 8 << 10
	n := len(b) - 1 - bytes.LastIndexByte(b, '\n')
	if n > maxStartLine {
		return 0
	}
	return n
}

// hasHeader reports whether the header fields of a SIP message are complete.
func hasHeader(b []byte) bool {
	return bytes.Contains(b, []byte("\r\n\r\n")) || bytes.Contains(b, []byte("\n\n"))
}

func resyncDiameter(b []byte) int {
	if len(b) < 2 {
		return -1
	}
	if n := diameter.Resync(b[1:]); n >= 0 {
		return n + 1
	}
	return -1
}
