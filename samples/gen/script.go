// Package gen turns the readable scripts of package samples into captures.
//
// A script is the ladder of one call flow: nodes, and messages that travel from node to node in
// the order of time. Parse reads it, Script.Packets plays it (filling in lengths, checksums,
// acknowledgements, fragments and Diameter identifiers), WriteNg writes the packets as pcapng.
// The format is described in ../FORMAT.md. Playing a script is deterministic: the same text gives
// the same bytes on every machine.
//
// Load writes large captures of many users for benchmarks; it needs no script.
package gen

import (
	"fmt"
	"net/netip"
	"time"
)

// Script is a parsed script.
type Script struct {
	Title string    // one line
	About string    // what the capture shows, paragraphs separated by a blank line
	Start time.Time // capture time of the first packet's origin, UTC
	MTU   int       // largest IP packet in bytes; a larger datagram is sent as IP fragments
	Nodes []*Node
	links map[[2]*Node]link
	steps []step
}

// Role is what a node is in the IMS; it decides on which reference point a hop lies.
type Role string

// The roles that a script may use.
const (
	RoleUE    Role = "ue"
	RolePCSCF Role = "p-cscf"
	RoleICSCF Role = "i-cscf"
	RoleSCSCF Role = "s-cscf"
	RoleAS    Role = "as"
	RoleHSS   Role = "hss"
)

// Node is one party of the flow, with one IPv6 address.
type Node struct {
	Name string
	Role Role
	Addr netip.Addr
	Host string // host name as Via and Origin-Host give it; empty for a node without one
	num  byte   // 1-based, gives the MAC address
}

// is reports whether host, as a Via gives it, is the node's name or address.
func (n *Node) is(host string) bool {
	return host != "" && (host == n.Host || host == "["+n.Addr.String()+"]")
}

// refPoint names the reference point between two nodes: Gm, Mw, ISC or Cx.
func refPoint(a, b *Node) string {
	is := func(r Role) bool { return a.Role == r || b.Role == r }
	switch {
	case is(RoleHSS):
		return "Cx"
	case is(RoleUE):
		return "Gm"
	case is(RoleAS):
		return "ISC"
	}
	return "Mw"
}

// transport of a hop.
type transport string

const (
	udp  transport = "udp"
	tcp  transport = "tcp"
	sctp transport = "sctp"
)

// link holds the transport and ports that hops from one node to another use unless they say otherwise.
type link struct {
	transport transport
	src, dst  uint16
}

// sipPort is used on hops without a link statement and without ports of their own.
const sipPort = 5060

// verb says how the message of a step comes about.
type verb uint8

const (
	verbNew      verb = iota // the block is the whole SIP message
	verbForward              // the last message that the sender got, with the edits of the block
	verbRespond              // answer to the last open request on the reversed hop
	verbRaw                  // the block's lines as they are
	verbDiameter             // the block lists AVPs
	verbConnect              // transport handshake
)

// step is one transmission.
type step struct {
	pos              pos
	delay            time.Duration // after the previous step; absolute since Start if at is set
	at               bool
	from, to         *Node
	srcPort, dstPort uint16 // 0: as the link says
	verb             verb
	arg              string // "200 OK" of a response, "UAR" of a Diameter message
	block            []line
}

// pos is a place in a script.
type pos struct {
	file string
	line int
}

// Error is a mistake in a script.
type Error struct {
	File string
	Line int // 1-based
	Msg  string
}

func (e *Error) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Msg) }

func (p pos) errorf(format string, args ...any) error {
	return &Error{File: p.file, Line: p.line, Msg: fmt.Sprintf(format, args...)}
}

// line is one line of a block without the block's indentation.
type line struct {
	pos  pos
	text string
}
