package gen

import (
	"io"
	"io/fs"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
)

// interfaces are the capture points of a sample, in the order of their pcapng interface numbers.
var interfaces = []struct{ name, description string }{
	{"Gm", "UE - P-CSCF"},
	{"Mw", "between CSCFs"},
	{"ISC", "S-CSCF - AS"},
	{"Cx", "CSCF - HSS"},
}

// WriteNg writes packets as a pcapng file with one interface for each reference point.
func WriteNg(w io.Writer, comment string, packets []Packet) error {
	number := map[string]int{}
	section := pcapgo.NgSectionInfo{Application: "imscope samples", Comment: comment}
	var out *pcapgo.NgWriter
	for i, def := range interfaces {
		intf := pcapgo.NgInterface{Name: def.name, Description: def.description, LinkType: layers.LinkTypeEthernet}
		var err error
		if i == 0 {
			out, err = pcapgo.NewNgWriterInterface(w, intf, pcapgo.NgWriterOptions{SectionInfo: section})
		} else {
			_, err = out.AddInterface(intf)
		}
		if err != nil {
			return err
		}
		number[def.name] = i
	}
	for _, p := range packets {
		info := gopacket.CaptureInfo{
			Timestamp:      p.Time,
			CaptureLength:  len(p.Data),
			Length:         len(p.Data),
			InterfaceIndex: number[p.Interface],
		}
		if err := out.WritePacket(info, p.Data); err != nil {
			return err
		}
	}
	return out.Flush()
}

// Capture reads the script name of fsys and writes its capture.
func Capture(w io.Writer, fsys fs.FS, name string) error {
	s, err := Parse(fsys, name)
	if err != nil {
		return err
	}
	packets, err := s.Packets()
	if err != nil {
		return err
	}
	return WriteNg(w, s.Title, packets)
}
