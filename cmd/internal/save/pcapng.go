package save

import (
	"encoding/binary"

	"imscope/decode/capture"
)

// Block types and options of pcapng (draft-ietf-opsawg-pcapng).
const (
	blockSection   = 0x0a0d0d0a
	blockInterface = 1
	blockPacket    = 6

	optionEnd         = 0
	optionName        = 2
	optionApplication = 4
	optionResolution  = 9
	nanoseconds       = 9 // 10^-9 s
)

// beginBlock opens a block; endBlock sets its length in both places.
func beginBlock(b []byte, kind uint32) ([]byte, int) {
	at := len(b)
	b = binary.LittleEndian.AppendUint32(b, kind)
	return binary.LittleEndian.AppendUint32(b, 0), at
}

func endBlock(b []byte, at int) []byte {
	n := uint32(len(b) - at + 4)
	binary.LittleEndian.PutUint32(b[at+4:], n)
	return binary.LittleEndian.AppendUint32(b, n)
}

// appendOption appends an option, padded to 32 bits.
func appendOption(b []byte, code uint16, value string) []byte {
	b = binary.LittleEndian.AppendUint16(b, code)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(value)))
	return pad(append(b, value...), len(value))
}

func pad(b []byte, n int) []byte {
	for ; n%4 != 0; n++ {
		b = append(b, 0)
	}
	return b
}

// appendSection begins a file.
func appendSection(b []byte, application string) []byte {
	b, at := beginBlock(b, blockSection)
	b = binary.LittleEndian.AppendUint32(b, 0x1a2b3c4d)
	b = binary.LittleEndian.AppendUint16(b, 1) // version 1.0
	b = binary.LittleEndian.AppendUint16(b, 0)
	b = binary.LittleEndian.AppendUint64(b, 1<<64-1) // length of the section is not known
	b = appendOption(b, optionApplication, application)
	b = appendOption(b, optionEnd, "")
	return endBlock(b, at)
}

// appendInterface describes an interface.
func appendInterface(b []byte, link capture.LinkType, name string) []byte {
	const longest = 1000
	b, at := beginBlock(b, blockInterface)
	b = binary.LittleEndian.AppendUint16(b, uint16(link))
	b = binary.LittleEndian.AppendUint16(b, 0)
	b = binary.LittleEndian.AppendUint32(b, 0) // no snap length
	b = appendOption(b, optionName, name[:min(len(name), longest)])
	b = appendOption(b, optionResolution, string([]byte{nanoseconds}))
	b = appendOption(b, optionEnd, "")
	return endBlock(b, at)
}

// appendPacket appends a packet of the interface with that number in the section.
func appendPacket(b []byte, iface uint32, time int64, data []byte, length uint32) []byte {
	b, at := beginBlock(b, blockPacket)
	b = binary.LittleEndian.AppendUint32(b, iface)
	b = binary.LittleEndian.AppendUint32(b, uint32(uint64(time)>>32))
	b = binary.LittleEndian.AppendUint32(b, uint32(time))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	b = binary.LittleEndian.AppendUint32(b, max(length, uint32(len(data))))
	b = pad(append(b, data...), len(data))
	return endBlock(b, at)
}
