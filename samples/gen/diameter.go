package gen

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"imscope/decode/diameter"
)

// diameterPlayer hands out identifiers and pairs answers with requests.
type diameterPlayer struct {
	start    uint32 // seconds, high part of Session-Ids
	session  uint32
	hopByHop map[*Node]uint32 // last identifier of each sender
	open     map[hop][]diameterRequestIDs
}

type diameterRequestIDs struct {
	command            string
	session            string
	hopByHop, endToEnd uint32
}

func newDiameterPlayer(start time.Time) *diameterPlayer {
	return &diameterPlayer{
		start:    uint32(start.Unix()),
		hopByHop: map[*Node]uint32{},
		open:     map[hop][]diameterRequestIDs{},
	}
}

// connect writes the handshake of a TCP connection or SCTP association.
func (p *player) connect(st *step, h hop, l link) error {
	if p.connections[h] != nil {
		return st.pos.errorf("%s and %s are connected already", h.from.Name, h.to.Name)
	}
	var c connection
	switch l.transport {
	case tcp:
		c = newTCP(p.wire, p.clock, h, l)
	case sctp:
		c = newSCTP(p.wire, p.clock, h, l)
	default:
		return st.pos.errorf("no tcp or sctp link between %s and %s", h.from.Name, h.to.Name)
	}
	p.connections[h], p.connections[h.reverse()] = c, c
	p.order = append(p.order, c)
	return nil
}

// cx sends a Diameter message.
func (p *player) cx(st *step, h hop) error {
	c := p.connections[h]
	if c == nil {
		return st.pos.errorf("%s and %s are not connected", h.from.Name, h.to.Name)
	}
	data, err := p.diameter.message(st, h)
	if err != nil {
		return err
	}
	c.send(p.clock, h.from, data)
	return nil
}

// message builds the message of a step: the AVPs that every message of its kind carries, then
// those of the block.
func (d *diameterPlayer) message(st *step, h hop) ([]byte, error) {
	name := st.arg[:2]
	command, ok := commands[name]
	if !ok {
		return nil, st.pos.errorf("unknown Diameter command %s", st.arg)
	}
	request := st.arg[2] == 'R'
	ids, err := d.ids(st, h, name, request)
	if err != nil {
		return nil, err
	}
	var block []string
	if command.app == diameter.AppCx {
		block = append(block,
			"Session-Id: "+ids.session,
			"Vendor-Specific-Application-Id:",
			fmt.Sprintf("  Vendor-Id: %d", diameter.Vendor3GPP),
			fmt.Sprintf("  Auth-Application-Id: %d", diameter.AppCx),
			"Auth-Session-State: NO_STATE_MAINTAINED")
	}
	block = append(block, "Origin-Host: "+h.from.Host, "Origin-Realm: "+realm(h.from))
	if request && command.app == diameter.AppCx {
		block = append(block, "Destination-Realm: "+realm(h.to))
		if h.from.Role != RoleICSCF { // which lets the realm find the HSS
			block = append(block, "Destination-Host: "+h.to.Host)
		}
	}
	lines := make([]line, 0, len(block)+len(st.block))
	for _, text := range block {
		lines = append(lines, line{st.pos, text})
	}
	var b *diameter.Builder
	if request {
		b = diameter.NewRequest(command.code, command.app, ids.hopByHop, ids.endToEnd)
	} else {
		b = diameter.NewAnswer(command.code, command.app, ids.hopByHop, ids.endToEnd)
	}
	if command.app == 0 && request {
		b.SetFlags(diameter.FlagRequest) // between neighbours, never proxied
	} else if command.app == 0 {
		b.SetFlags(0)
	}
	if err := avps(b, append(lines, st.block...)); err != nil {
		return nil, err
	}
	return b.Message(), nil
}

// ids returns fresh identifiers for a request, those of the open request for an answer.
func (d *diameterPlayer) ids(st *step, h hop, command string, request bool) (diameterRequestIDs, error) {
	if !request {
		open := d.open[h.reverse()]
		for i, ids := range open {
			if ids.command == command {
				d.open[h.reverse()] = append(open[:i:i], open[i+1:]...)
				return ids, nil
			}
		}
		return diameterRequestIDs{}, st.pos.errorf("%s has no %sR of %s to answer", h.from.Name, command, h.to.Name)
	}
	d.session++
	if d.hopByHop[h.from] == 0 {
		d.hopByHop[h.from] = initialNumber(h.from, 0)
	}
	d.hopByHop[h.from]++
	ids := diameterRequestIDs{
		command:  command,
		session:  fmt.Sprintf("%s;%d;%d", h.from.Host, d.start, d.session),
		hopByHop: d.hopByHop[h.from],
		// RFC 6733 3: low 12 bits of the time above, 20 bits counting below.
		endToEnd: d.start<<20 | d.hopByHop[h.from]&0xfffff,
	}
	d.open[h] = append(d.open[h], ids)
	return ids, nil
}

// realm is the domain behind the first label of the host name.
func realm(n *Node) string {
	_, domain, _ := strings.Cut(n.Host, ".")
	return domain
}

// avps adds the AVPs of a block; lines indented below an AVP belong to it.
func avps(b *diameter.Builder, block []line) error {
	for len(block) > 0 {
		head := block[0]
		name, value, ok := strings.Cut(head.text, ":")
		def, known := avpDefs[name]
		if !ok || !known {
			return head.pos.errorf("%q is no AVP that scripts can write", head.text)
		}
		n := 1
		var below []line
		for n < len(block) && strings.HasPrefix(block[n].text, "  ") {
			below = append(below, line{block[n].pos, block[n].text[2:]})
			n++
		}
		block = block[n:]
		if err := def.add(b, head.pos, strings.TrimSpace(value), below); err != nil {
			return err
		}
	}
	return nil
}

// add adds one AVP with the given value, or with the lines below it.
func (def avpDef) add(b *diameter.Builder, at pos, value string, below []line) error {
	if len(below) > 0 && def.kind != kindGrouped && def.kind != kindLines {
		return below[0].pos.errorf("the AVP above holds no AVPs")
	}
	var vendor uint32
	if def.vendor {
		vendor = diameter.Vendor3GPP
	}
	var flags uint8
	if !def.optional {
		flags = diameter.AVPMandatory
	}
	switch def.kind {
	case kindGrouped:
		var err error
		b.Group(def.code, vendor, flags, func(b *diameter.Builder) { err = avps(b, below) })
		return err
	case kindLines:
		text := make([]string, len(below))
		for i, l := range below {
			text[i] = l.text
		}
		b.String(def.code, vendor, flags, strings.Join(text, "\n"))
	case kindUnsigned:
		n, ok := def.value(value)
		if !ok {
			parsed, err := strconv.ParseUint(value, 10, 32)
			if err != nil {
				return at.errorf("%q is neither a number nor a name that this AVP knows", value)
			}
			n = uint32(parsed)
		}
		b.U32(def.code, vendor, flags, n)
	case kindAddress: // RFC 6733 4.3.1: address family, then the address
		addr, err := netip.ParseAddr(value)
		if err != nil {
			return at.errorf("%q is not an IP address", value)
		}
		family := byte(1)
		if addr.Is6() {
			family = 2
		}
		b.Bytes(def.code, vendor, flags, append([]byte{0, family}, addr.AsSlice()...))
	default:
		if digits, ok := strings.CutPrefix(value, "0x"); ok {
			data, err := hex.DecodeString(digits)
			if err != nil {
				return at.errorf("%q is not hexadecimal", value)
			}
			b.Bytes(def.code, vendor, flags, data)
			return nil
		}
		b.String(def.code, vendor, flags, value)
	}
	return nil
}
