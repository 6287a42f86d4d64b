package capture

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
)

// randomPackets is what the writers of gopacket are given, as we must read it.
func randomPackets(n, ifaces int, nano bool) []got {
	rng := rand.New(rand.NewPCG(7, uint64(n)))
	var list []got
	for i := range n {
		data := make([]byte, rng.IntN(1+rng.IntN(3000)))
		for k := range data {
			data[k] = byte(rng.Uint32())
		}
		t := int64(1_700_000_000+rng.IntN(1_000_000))*nanosecond + int64(rng.IntN(nanosecond))
		if !nano {
			t -= t % 1000
		}
		iface := rng.IntN(ifaces)
		list = append(list, got{Data: string(data), Time: t, Frame: uint32(i + 1),
			OrigLen: uint32(len(data) + rng.IntN(2)*rng.IntN(5000)), Iface: uint32(iface), Link: LinkType(linkOf(iface))})
	}
	return list
}

// linkOf gives each interface a link type of its own.
func linkOf(iface int) layers.LinkType {
	return []layers.LinkType{layers.LinkTypeEthernet, layers.LinkTypeLinuxSLL, layers.LinkTypeRaw}[iface]
}

func (g got) info() gopacket.CaptureInfo {
	return gopacket.CaptureInfo{Timestamp: time.Unix(0, g.Time), CaptureLength: len(g.Data),
		Length: int(g.OrigLen), InterfaceIndex: int(g.Iface)}
}

// What gopacket writes, we read as it was.
func TestReadsWhatGopacketWrites(t *testing.T) {
	check := func(t *testing.T, data []byte, want []got) {
		t.Helper()
		list, fi, err := readAll(t, data)
		if err != nil || len(fi.Warnings) > 0 {
			t.Fatal(err, fi.Warnings)
		}
		if !slices.Equal(list, want) {
			t.Error("packets differ")
		}
	}
	const n = 3000
	for name, open := range map[string]func(io.Writer) *pcapgo.Writer{"micro": pcapgo.NewWriter, "nano": pcapgo.NewWriterNanos} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			w := open(&b)
			if err := w.WriteFileHeader(65535, layers.LinkTypeEthernet); err != nil {
				t.Fatal(err)
			}
			want := randomPackets(n, 1, name == "nano")
			for _, g := range want {
				if err := w.WritePacket(g.info(), []byte(g.Data)); err != nil {
					t.Fatal(err)
				}
			}
			check(t, b.Bytes(), want)
		})
	}
	t.Run("pcapng", func(t *testing.T) {
		var b bytes.Buffer
		w, err := pcapgo.NewNgWriter(&b, linkOf(0))
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i < 3; i++ {
			if _, err := w.AddInterface(pcapgo.NgInterface{LinkType: linkOf(i), OS: "test", Name: "if"}); err != nil {
				t.Fatal(err)
			}
		}
		want := randomPackets(n, 3, true)
		for i, g := range want {
			if err := w.WritePacket(g.info(), []byte(g.Data)); err != nil {
				t.Fatal(err)
			}
			if i%100 == 0 {
				if err := w.WriteInterfaceStats(0, pcapgo.NgInterfaceStatistics{}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		check(t, b.Bytes(), want)
	})
}

// On clean files of every byte order and unit, gopacket reads the same as we do.
func TestReadsAsGopacket(t *testing.T) {
	type reader interface {
		ReadPacketData() ([]byte, gopacket.CaptureInfo, error)
	}
	files := map[string][]byte{}
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for name, magic := range map[string]uint32{"pcap micro ": magicMicro, "pcap nano ": magicNano} {
			f := newPcapFile(order, magic, 65535, 1)
			for i, g := range randomPackets(500, 1, false) {
				f.record(uint32(g.Time/nanosecond), uint32(i), uint32(len(g.Data)), max(g.OrigLen, uint32(len(g.Data))), g.Data)
			}
			files[name+order.String()] = f.Bytes()
		}
		f := newNgFile(order)
		f.iface(1, 65535)
		f.iface(113, 0, ngOption{optTsResol, []byte{9}})
		f.iface(101, 0, ngOption{optTsResol, []byte{12}}) // not 2^-n, which gopacket rounds to whole nanoseconds first
		for i, g := range randomPackets(500, 3, false) {
			if f.epb(g.Iface, uint64(g.Time)/1000, uint32(len(g.Data)), g.OrigLen, g.Data); i == 250 {
				f.section(order)
				f.iface(1, 65535)
				f.iface(113, 0)
				f.iface(101, 0)
			}
		}
		files["pcapng "+order.String()] = f.Bytes()
	}
	for name, data := range files {
		t.Run(name, func(t *testing.T) {
			var r reader
			r, err := pcapgo.NewReader(bytes.NewReader(data))
			if name[:6] == "pcapng" {
				r, err = pcapgo.NewNgReader(bytes.NewReader(data), pcapgo.NgReaderOptions{WantMixedLinkType: true})
			}
			if err != nil {
				t.Fatal(err)
			}
			list, fi, err := readAll(t, data)
			if err != nil || len(fi.Warnings) > 0 || len(list) != 500 {
				t.Fatal(len(list), err, fi.Warnings)
			}
			for _, g := range list {
				theirs, ci, err := r.ReadPacketData()
				if err != nil {
					t.Fatal(err)
				}
				// gopacket counts interfaces per section, of which each has three here.
				if g.Data != string(theirs) || g.Time != ci.Timestamp.UnixNano() || int(g.OrigLen) != ci.Length || int(g.Iface)%3 != ci.InterfaceIndex {
					t.Fatalf("frame %d is %d bytes at %d, gopacket has %+v", g.Frame, len(g.Data), g.Time, ci)
				}
			}
			if _, _, err := r.ReadPacketData(); err != io.EOF {
				t.Errorf("gopacket reads on: %v", err)
			}
		})
	}
}
