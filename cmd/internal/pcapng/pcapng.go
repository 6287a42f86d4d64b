// Package pcapng writes captures in the format of Wireshark (draft-ietf-opsawg-pcapng): blocks, and a Writer that
// keeps what a capture.Source tells of packets and of the interfaces that they come from.
package pcapng

import (
	"encoding/binary"

	"imscope/decode/capture"
)

// Block types and options.
const (
	blockSection   = 0x0a0d0d0a
	blockInterface = 1
	blockSimple    = 3
	blockStatistic = 5
	blockPacket    = 6
	blockSecrets   = 10

	optionEnd         = 0
	optionComment     = 1
	optionName        = 2
	optionDescription = 3
	optionApplication = 4
	optionResolution  = 9

	optionBegan = 2 // isb_starttime
	optionEnded = 3 // isb_endtime
)

// Nanoseconds is the finest resolution of times that is written.
const Nanoseconds = 9

// longestText is how much of a name or comment is written; readers refuse options that are far longer.
const longestText = 4000

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

// appendOption appends an option, padded to 32 bits; none for an empty value.
func appendOption(b []byte, code uint16, value string) []byte {
	if value == "" {
		return b
	}
	value = value[:min(len(value), longestText)]
	b = binary.LittleEndian.AppendUint16(b, code)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(value)))
	return pad(append(b, value...), len(value))
}

func endOptions(b []byte) []byte { return append(b, optionEnd, 0, 0, 0) }

func pad(b []byte, n int) []byte {
	for ; n%4 != 0; n++ {
		b = append(b, 0)
	}
	return b
}

// AppendSection appends the header of a section, which begins a file. Both texts may be empty.
func AppendSection(b []byte, application, comment string) []byte {
	b, at := beginBlock(b, blockSection)
	b = binary.LittleEndian.AppendUint32(b, 0x1a2b3c4d)
	b = binary.LittleEndian.AppendUint16(b, 1) // version 1.0
	b = binary.LittleEndian.AppendUint16(b, 0)
	b = binary.LittleEndian.AppendUint64(b, 1<<64-1) // length of the section is not known
	b = appendOption(b, optionComment, comment)
	b = appendOption(b, optionApplication, application)
	return endBlock(endOptions(b), at)
}

// AppendInterface appends the description of an interface. Resolution is the exponent of a unit of 10^-n s, at most
// Nanoseconds.
func AppendInterface(b []byte, f capture.Interface) []byte {
	b, at := beginBlock(b, blockInterface)
	b = binary.LittleEndian.AppendUint16(b, uint16(f.Link))
	b = binary.LittleEndian.AppendUint16(b, 0)
	b = binary.LittleEndian.AppendUint32(b, f.SnapLen)
	b = appendOption(b, optionName, f.Name)
	b = appendOption(b, optionDescription, f.Description)
	b = appendOption(b, optionResolution, string([]byte{f.Resolution}))
	return endBlock(endOptions(b), at)
}

// AppendPacket appends a packet of the interface with that number in the section. time is in units of the interface's
// resolution; length is that on the wire.
func AppendPacket(b []byte, iface uint32, time uint64, data []byte, length uint32) []byte {
	b, at := beginBlock(b, blockPacket)
	b = binary.LittleEndian.AppendUint32(b, iface)
	b = binary.LittleEndian.AppendUint32(b, uint32(time>>32))
	b = binary.LittleEndian.AppendUint32(b, uint32(time))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	b = binary.LittleEndian.AppendUint32(b, max(length, uint32(len(data))))
	b = pad(append(b, data...), len(data))
	return endBlock(b, at)
}

// appendStatistics appends when capturing at an interface began and ended, in units of its resolution.
func appendStatistics(b []byte, iface uint32, began, ended uint64) []byte {
	b, at := beginBlock(b, blockStatistic)
	b = binary.LittleEndian.AppendUint32(b, iface)
	b = appendTime(b, ended)
	for _, o := range [...]struct {
		code uint16
		time uint64
	}{{optionBegan, began}, {optionEnded, ended}} {
		b = binary.LittleEndian.AppendUint16(b, o.code)
		b = appendTime(binary.LittleEndian.AppendUint16(b, 8), o.time)
	}
	return endBlock(endOptions(b), at)
}

func appendTime(b []byte, t uint64) []byte {
	return binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(b, uint32(t>>32)), uint32(t))
}

// AppendSecrets appends decryption secrets.
func AppendSecrets(b []byte, s capture.Secret) []byte {
	b, at := beginBlock(b, blockSecrets)
	b = binary.LittleEndian.AppendUint32(b, s.Type)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(s.Data)))
	b = pad(append(b, s.Data...), len(s.Data))
	return endBlock(b, at)
}

// appendSimple appends a packet without a time, of the section's first interface.
func appendSimple(b []byte, data []byte, length uint32) []byte {
	b, at := beginBlock(b, blockSimple)
	b = binary.LittleEndian.AppendUint32(b, length)
	b = pad(append(b, data...), len(data))
	return endBlock(b, at)
}
