package decode

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"imscope/decode/capture"
	"imscope/decode/network"

	"github.com/google/gopacket/layers"
)

// pcapFile is a capture file of raw IP packets, one second apart.
func pcapFile(link uint32, packets ...[]byte) []byte {
	b := binary.LittleEndian.AppendUint32(nil, 0xa1b2c3d4)
	b = append(b, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0)
	b = binary.LittleEndian.AppendUint32(b, link)
	for i, p := range packets {
		b = binary.LittleEndian.AppendUint32(b, uint32(1700000000+i))
		b = binary.LittleEndian.AppendUint32(b, 0)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(p)))
		b = binary.LittleEndian.AppendUint32(b, uint32(len(p)))
		b = append(b, p...)
	}
	return b
}

// samplePackets has one of everything that waits for other packets.
func samplePackets(t testing.TB) [][]byte {
	reg := request("REGISTER", 1, "")
	out := [][]byte{udp(t, ue, pcscf, reg), udp(t, ue6, cscf6, reg)}
	out = append(out, fragments(udp(t, ue, pcscf, request("NOTIFY", 2, strings.Repeat("x", 600))), 400)...)
	out = append(out, tcp(t, ue, pcscf, 1, network.FlagSYN, ""), tcp(t, ue, pcscf, 2, 0, reg[:100]), tcp(t, ue, pcscf, 102, network.FlagFIN, reg[100:]),
		sctp(t, pcscf, hss, 2, 10, 46, cxRequest(1, 90)[:50]), sctp(t, pcscf, hss, 1, 11, 46, cxRequest(1, 90)[50:]),
		ip(t, ue, pcscf, layers.IPProtocolESP, esp(5, udp(t, ue, pcscf, reg)[20:])),
		udp(t, pcscf, hss, hep3(1, reg)), udp(t, ue, pcscf, "\x80\x08rtp"))
	return out
}

// FuzzRun decodes any bytes as a capture file: every packet is counted once, spans lie inside their messages, and the
// number of workers changes nothing.
func FuzzRun(f *testing.F) {
	f.Add(pcapFile(101, samplePackets(f)...))
	for _, p := range samplePackets(f) {
		f.Add(pcapFile(101, p))
	}
	f.Add(pcapFile(147, []byte("unknown")))
	f.Fuzz(func(t *testing.T, file []byte) {
		var want []string
		for _, workers := range []int{1, 4} {
			var got []string
			st, err := Run(context.Background(), capture.NewReader(bytes.NewReader(file), "fuzz"), Options{Workers: workers}, func(r *Record) error {
				got = append(got, describe(r))
				check(t, r)
				return nil
			})
			sum := st.Signalling
			for _, n := range st.Other {
				sum += n
			}
			for _, u := range st.Undecodable {
				sum += u.Packets
			}
			if sum != st.Packets {
				t.Fatalf("%d packets counted of %d", sum, st.Packets)
			}
			got = append(got, fmt.Sprintf("%v %+v", err, *st))
			if workers == 1 {
				want = got
			} else if !slices.Equal(got, want) {
				t.Fatalf("4 workers:\n%s\n1 worker:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	})
}

// check checks what must be true of every record.
func check(t *testing.T, r *Record) {
	if (r.SIP == nil) == (r.Diameter == nil) {
		t.Fatal("not exactly one message")
	}
	if len(r.Frames) == 0 || r.Frames[len(r.Frames)-1] != r.Frame || !slices.IsSorted(r.Frames) {
		t.Fatalf("frame %d of %v", r.Frame, r.Frames)
	}
	if r.SIP != nil {
		for _, p := range r.SIP.Problems {
			if int(p.Span.End()) > len(r.SIP.Raw) {
				t.Fatalf("problem %s at %+v of %d bytes", p.Code.ID, p.Span, len(r.SIP.Raw))
			}
		}
	}
}

// A capture that ends early gives what was complete until then, whole.
func TestRunCutAnywhere(t *testing.T) {
	file := pcapFile(101, samplePackets(t)...)
	var whole []string
	record := func(list *[]string) func(*Record) error {
		return func(r *Record) error {
			check(t, r)
			*list = append(*list, describe(r))
			return nil
		}
	}
	if _, err := Run(context.Background(), capture.NewReader(bytes.NewReader(file), "whole"), Options{}, record(&whole)); err != nil {
		t.Fatal(err)
	}
	if len(whole) != 7 {
		t.Fatalf("%d records: %q", len(whole), whole)
	}
	for n := 24; n < len(file); n += 7 {
		var got []string
		Run(context.Background(), capture.NewReader(bytes.NewReader(file[:n]), "cut"), Options{Workers: 1}, record(&got))
		for i, s := range got {
			if i < len(whole) && s == whole[i] {
				continue
			}
			if !strings.Contains(s, "sip-body-short") && !strings.Contains(s, "net-incomplete") && !strings.Contains(s, "truncated") && !strings.Contains(s, "sip-") {
				t.Errorf("cut at %d: record %q", n, s)
			}
		}
	}
}
