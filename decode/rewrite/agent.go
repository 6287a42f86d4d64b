package rewrite

import (
	"encoding/binary"
	"net/netip"
)

func addrFrom(b []byte) (netip.Addr, bool) { return netip.AddrFromSlice(b) }

// Chunk types of HEP version 3 that are neither addresses nor harmless numbers.
const (
	hepIPv4Src     = 0x0003
	hepIPv4Dst     = 0x0004
	hepIPv6Src     = 0x0005
	hepIPv6Dst     = 0x0006
	hepLastNumber  = 0x000d // of the ports, times and identifiers before and with it
	hepAuthKey     = 0x000e
	hepPayload     = 0x000f
	hepDeflated    = 0x0010
	hepChunkHeader = 6
)

// hepChunks replaces what the chunks of a HEP version 3 message say, except its payload.
func (w *Rewriter) hepChunks(b []byte) {
	const header = 6
	if len(b) < header {
		return
	}
	b = b[header:]
	for len(b) >= hepChunkHeader {
		vendor, kind, n := binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:]), int(binary.BigEndian.Uint16(b[4:]))
		if n < hepChunkHeader {
			break
		}
		v := b[hepChunkHeader:min(n, len(b))]
		b = b[min(n, len(b)):]
		switch {
		case vendor == 0 && kind >= hepIPv4Src && kind <= hepIPv6Dst:
			if len(v) == 4 || len(v) == 16 {
				w.edit.IP(v)
			}
		case vendor == 0 && (kind <= hepLastNumber || kind == hepPayload):
		case vendor == 0 && (kind == hepAuthKey || kind == hepDeflated):
			clear(v)
		case len(v) > 4 && isText(v):
			w.edit.Text(v)
		case len(v) > 4:
			clear(v)
		}
	}
	clear(b)
}

// pduTags replaces what the tags of an exported PDU say.
func (w *Rewriter) pduTags(b []byte) {
	const (
		end, lastName         = 0, 14 // 12 to 14 are names of dissectors
		firstAddr, lastAddr   = 20, 23
		firstNumber, lastPort = 24, 30
	)
	for len(b) >= 4 {
		tag, n := binary.BigEndian.Uint16(b), int(binary.BigEndian.Uint16(b[2:]))
		b = b[4:]
		v := b[:min(n, len(b))]
		b = b[len(v):]
		switch {
		case tag == end:
			return
		case tag <= lastName:
		case tag >= firstAddr && tag <= lastAddr:
			if len(v) == 4 || len(v) == 16 {
				w.edit.IP(v)
			}
		case tag >= firstNumber && tag <= lastPort:
		case len(v) > 4 && isText(v):
			w.edit.Text(v)
		case len(v) > 4:
			clear(v)
		}
	}
}

// isText reports whether b is printable.
func isText(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != 0 && c != '\r' && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}
