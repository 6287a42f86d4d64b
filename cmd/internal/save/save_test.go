package save

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"imscope/decode"
	"imscope/decode/capture"
	"imscope/decode/network"
)

// writer is a Writer whose file can be read again.
func writer(t *testing.T, opt Options) *Writer {
	t.Helper()
	if opt.Path == "" {
		opt.Path = filepath.Join(t.TempDir(), "a.pcapng")
	}
	opt.Application = "test"
	opt.Input = func(file uint16) string { return []string{"eth0", "eth1"}[file] }
	opt.Notice = func(text string) { t.Log(text) }
	w, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// saves gives a Writer so many messages, a packet each, and does something after each of them.
func saves(t *testing.T, w *Writer, n uint32, then func() error) {
	t.Helper()
	for i := range n {
		w.Packet(packet(i+1, "x"), &network.Packet{Kind: network.Datagram})
		w.Record(&decode.Record{Frames: []uint32{i + 1}})
		if err := then(); err != nil {
			t.Fatal(err)
		}
	}
}

// packets reads a file.
func packets(t *testing.T, path string) []capture.Packet {
	t.Helper()
	set, err := capture.Open(context.Background(), []string{path}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	var list []capture.Packet
	for {
		b, err := set.Next(context.Background())
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range b.Packets {
			p.Data = bytes.Clone(p.Data)
			list = append(list, p)
		}
		b.Release()
	}
	if info := set.Files()[0]; info.Truncated || len(info.Warnings) > 0 {
		t.Errorf("%+v", info)
	}
	return list
}

// data lists the bytes of packets.
func data(list []capture.Packet) string {
	var s string
	for _, p := range list {
		s += string(p.Data) + " "
	}
	return s
}

var (
	a = netip.MustParseAddrPort("10.0.0.1:5060")
	b = netip.MustParseAddrPort("10.0.0.2:5060")
)

func packet(frame uint32, text string) *capture.Packet {
	return &capture.Packet{Frame: frame, Data: []byte(text), OrigLen: uint32(len(text)) + 2, Time: int64(frame) * 1e9, Link: capture.LinkEthernet}
}

func segment(src, dst netip.AddrPort, flags uint8, n int) *network.Packet {
	return &network.Packet{Kind: network.Segment, Proto: network.TCP, Src: src, Dst: dst, TCP: network.TCPInfo{Flags: flags, Len: uint32(n)}}
}

func TestDatagrams(t *testing.T) {
	w := writer(t, Options{})
	udp := &network.Packet{Kind: network.Datagram, Proto: network.UDP}
	frag := &network.Packet{Kind: network.Fragment}
	w.Packet(packet(1, "message"), udp)
	w.Record(&decode.Record{Frames: []uint32{1}})
	w.Record(&decode.Record{Frames: []uint32{1}}) // a second message of the same packet
	w.Packet(packet(2, "noise"), udp)
	w.Packet(packet(3, "first"), frag)
	w.Packet(packet(4, "lost"), frag)
	other := packet(5, "last")
	other.File, other.Link, other.OrigLen = 1, capture.LinkLinuxSLL2, 4
	w.Packet(other, frag)
	w.Record(&decode.Record{Frames: []uint32{3, 5}})
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	list := packets(t, w.Path()) // complete before it is closed
	if got := data(list); got != "message first last " {
		t.Fatalf("%q", got)
	}
	if p := list[0]; p.Time != 1e9 || p.OrigLen != 9 || p.Link != capture.LinkEthernet || p.Iface != 0 {
		t.Errorf("%+v", p)
	}
	if p := list[2]; p.Link != capture.LinkLinuxSLL2 || p.Iface != 1 || p.OrigLen != 4 {
		t.Errorf("%+v", p)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if c := w.Counters(); c.Packets != 3 || c.Files != 1 || c.Missed != 0 {
		t.Errorf("%+v", c)
	}
}

// A connection is written from its beginning to its end once it carries a message, others are not.
func TestConnections(t *testing.T) {
	w := writer(t, Options{})
	web := netip.MustParseAddrPort("10.0.0.9:443")
	step := func(frame uint32, text string, p *network.Packet, completes ...uint32) {
		w.Packet(packet(frame, text), p)
		if completes != nil {
			w.Record(&decode.Record{Proto: network.TCP, Src: p.Src, Dst: p.Dst, Frames: completes})
		}
	}
	step(1, "syn", segment(a, b, network.FlagSYN, 0))
	step(2, "synack", segment(b, a, network.FlagSYN|network.FlagACK, 0))
	step(3, "web-syn", segment(a, web, network.FlagSYN, 0))
	step(4, "web", segment(a, web, network.FlagACK, 100))
	step(5, "part1", segment(a, b, network.FlagACK, 100))
	step(6, "ack", segment(b, a, network.FlagACK, 0))
	step(7, "part2", segment(a, b, network.FlagACK, 100), 5, 7)
	step(8, "keepalive", segment(a, b, network.FlagACK, 4))
	step(9, "ack", segment(b, a, network.FlagACK, 0))
	step(10, "web-fin", segment(a, web, network.FlagFIN, 0))
	step(11, "answer", segment(b, a, network.FlagACK, 50), 11)
	step(12, "fin", segment(a, b, network.FlagFIN|network.FlagACK, 0))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	// What the other direction sent before its first message comes with that.
	if got := data(packets(t, w.Path())); got != "syn part1 part2 keepalive ack synack ack answer fin " {
		t.Errorf("%q", got)
	}
}

// Packets that never become a message do not pile up.
func TestStoreIsBounded(t *testing.T) {
	w := writer(t, Options{})
	big := make([]byte, 1400)
	for i := range uint32(100_000) {
		pk := packet(i+1, "")
		pk.Data = big
		w.Packet(pk, segment(a, netip.AddrPortFrom(b.Addr(), uint16(i%5000)), network.FlagACK, 1400))
	}
	if w.store.bytes > storeBytes || len(w.store.byFrame) > storePackets || len(w.store.order)-w.store.head != len(w.store.byFrame) {
		t.Errorf("%d bytes, %d packets", w.store.bytes, len(w.store.byFrame))
	}
	flows := 0
	for _, list := range w.store.byFlow {
		flows += len(list)
	}
	if flows != len(w.store.byFrame) {
		t.Errorf("%d packets by flow, %d by frame", flows, len(w.store.byFrame))
	}
	w.Record(&decode.Record{Frames: []uint32{1, 100_000}})
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if c := w.Counters(); c.Missed != 1 || c.Packets == 0 {
		t.Errorf("%+v", c)
	}
}

func TestRotation(t *testing.T) {
	dir := t.TempDir()
	w := writer(t, Options{Path: filepath.Join(dir, "a.pcapng"), Every: 10 * time.Second, Keep: 2})
	saves(t, w, 45, w.Flush)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) != 2 {
		t.Fatalf("%v %v", left, err)
	}
	if n := len(packets(t, left[0])) + len(packets(t, left[1])); n < 10 || n > 20 {
		t.Errorf("%d packets in the last two files", n)
	}
	if c := w.Counters(); c.Files != 5 || c.Kept != 2 {
		t.Errorf("%+v", c)
	}
}

// No file is begun while the one before holds no packet, however small files are to be, and none is named after 1970.
func TestRotationBeforeAPacket(t *testing.T) {
	dir := t.TempDir()
	w := writer(t, Options{Path: filepath.Join(dir, "a.pcapng"), MaxBytes: 10})
	for range 3 {
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	if c := w.Counters(); c.Files != 1 {
		t.Fatalf("%d files without a packet", c.Files)
	}
	if err := w.Reopen(); err != nil { // it is asked for
		t.Fatal(err)
	}
	saves(t, w, 3, w.Flush)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if c := w.Counters(); c.Files != 5 || c.Kept != 5 || c.Packets != 3 {
		t.Errorf("%+v", c)
	}
	for _, n := range []string{"1", "2"} {
		if list, _ := filepath.Glob(filepath.Join(dir, "a_0000"+n+"_1970*")); len(list) > 0 {
			t.Error(list)
		}
	}
}

// Blocks that a full disk did not take do not get into the next file, whose section knows nothing of their interfaces.
func TestReopenOnAFullDisk(t *testing.T) {
	w := writer(t, Options{})
	path := w.Path()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	w.out.file.Close()
	w.out.file = full
	saves(t, w, 2, w.Reopen)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if n, c := len(packets(t, path)), w.Counters(); n != 1 || c.Packets != 1 || c.Missed != 1 {
		t.Errorf("%d packets, %+v", n, c)
	}
}

// Where no other file can be made the old one is written further, which is said.
func TestReopenFails(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "dir")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "a.pcapng")
	w := writer(t, Options{Path: path})
	var notices []string
	w.opt.Notice = func(text string) { notices = append(notices, text) }
	old := filepath.Join(filepath.Dir(dir), "old")
	if err := os.Rename(dir, old); err != nil {
		t.Fatal(err)
	}
	saves(t, w, 3, func() error {
		if w.Reopen() == nil {
			return errors.New("a file in a folder that is gone")
		}
		return nil
	})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if n := len(packets(t, filepath.Join(old, "a.pcapng"))); n != 3 {
		t.Errorf("%d packets", n)
	}
	if len(notices) != 3 || !strings.HasSuffix(notices[0], path+" is written further") {
		t.Errorf("%q", notices)
	}
}

// A file that was not moved away gets another section.
func TestReopen(t *testing.T) {
	w := writer(t, Options{})
	saves(t, w, 3, w.Reopen)
	path := w.Path()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if n := len(packets(t, path)); n != 3 {
		t.Errorf("%d packets", n)
	}
	if _, err := New(Options{Path: filepath.Join(t.TempDir(), "no", "such"), Input: w.opt.Input, Notice: w.opt.Notice}); !os.IsNotExist(err) {
		t.Errorf("%v", err)
	}
}
