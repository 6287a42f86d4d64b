package samples

import (
	"bytes"
	"slices"
	"testing"

	"imscope/decode"
	"imscope/decode/capture"
)

// hop is what a packet looks like behind a router: another TTL, and so another checksum.
func hop(p []byte, header int) []byte {
	p = bytes.Clone(p)
	ip := p[header:]
	ip[8]--
	copy(ip[10:], []byte{0, 0})
	copy(ip[10:], checksum(ip[:20]))
	return p
}

// seenAgain adds to a capture what a second capture point sees, a delay later, in the order of time.
func seenAgain(list []piece, delay int64, change func([]byte) []byte) []piece {
	for _, p := range list[:len(list):len(list)] {
		p.at += delay
		p.data = change(p.data)
		list = append(list, p)
	}
	slices.SortStableFunc(list, func(a, b piece) int { return int(min(max(a.at-b.at, -1), 1)) })
	return list
}

// A transmission that two capture points see is one, however they see it.
func TestCapturedTwice(t *testing.T) {
	messages := conversation(t, "real/real-user-initiated-cooked.pcap")
	by := func(name string) link {
		return links()[slices.IndexFunc(links(), func(l link) bool { return l.name == name })]
	}
	vxlan := by("vxlan")
	for _, c := range []struct {
		name   string
		link   link
		delay  int64
		change func([]byte) []byte
	}{
		{"the same", by("ethernet"), 0, bytes.Clone},
		{"mirror port behind a router", by("ethernet"), 1e6, func(p []byte) []byte {
			p = hop(p, 14)
			copy(p, []byte{2, 9, 9, 9, 9, 9, 2, 8, 8, 8, 8, 8})
			return p
		}},
		{"tagged on one port only", by("ethernet"), 1e6, func(p []byte) []byte { return join(p[:12], []byte{0x81, 0, 0, 10}, p[12:]) }},
		{"mirrored through VXLAN", by("ethernet"), 2e6, func(p []byte) []byte { return vxlan.wrap(newState(), p[14:], 0)[0] }},
		{"any: incoming, then outgoing on the member", by("cooked"), 30_000, func(p []byte) []byte {
			p = bytes.Clone(p)
			p[1], p[11] = 4, 7
			return p
		}},
		{"any: bridge and member", by("cooked 2"), 30_000, func(p []byte) []byte {
			p = hop(p, 20)
			p[7], p[10] = 5, 4
			return p
		}},
	} {
		for _, tr := range transports() {
			for _, cut := range []int{0, 400} {
				t.Run(c.name+"/"+tr.name+map[int]string{400: " in fragments"}[cut], func(t *testing.T) {
					once := build(messages, tr, c.link, cut, 0)
					want := analyse(t, source(once, c.link.kind, 0))
					list := seenAgain(once, c.delay, c.change)
					got := analyse(t, source(list, c.link.kind, 0))
					if d := got.difference(want.lines); d != "" {
						t.Error(d)
					}
					s := got.rep.Stats
					if s.UniqueMessages != uint64(len(messages)) || s.SIPMessages != s.UniqueMessages+s.Duplicates || s.Retransmissions != 0 || len(s.Undecodable) != 0 {
						t.Errorf("%d messages, %d unique of %d, %d captured twice, %d retransmissions, undecodable %v",
							s.SIPMessages, s.UniqueMessages, len(messages), s.Duplicates, s.Retransmissions, s.Undecodable)
					}
				})
			}
		}
	}
}

// What two capture agents at the ends of a link report is one transmission.
func TestReportedTwice(t *testing.T) {
	messages := conversation(t, "real/real-user-initiated-cooked.pcap")
	l := links()[0]
	agent := transports()[5]
	want := analyse(t, source(build(messages, agent, l, 0, 0), l.kind, 0))
	late := slices.Clone(messages)
	for i := range late {
		late[i].at += 4_000_000 // the clock of the other agent
	}
	list := append(build(messages, agent, l, 0, 0), build(late, agent, l, 0, 0)...)
	slices.SortStableFunc(list, func(a, b piece) int { return int(min(max(a.at-b.at, -1), 1)) })
	got := analyse(t, source(list, l.kind, 0))
	if s := got.rep.Stats; s.SIPMessages != uint64(2*len(messages)) || s.UniqueMessages != uint64(len(messages)) || s.Duplicates != uint64(len(messages)) || s.Retransmissions != 0 {
		t.Errorf("%+v", s)
	}
	if d := got.difference(want.lines); d != "" {
		t.Error(d)
	}
}

// The number of messages is Wireshark's, whatever is captured twice.
func TestCapturedTwiceAgainstTshark(t *testing.T) {
	needTshark(t)
	messages := conversation(t, "real/real-user-initiated-cooked.pcap")
	ether := links()[0]
	for _, tr := range transports()[:3] {
		for _, cut := range []int{0, 400} {
			list := seenAgain(build(messages, tr, ether, cut, 0), 1e6, func(p []byte) []byte { return hop(p, 14) })
			path := pcapFile(t, list, capture.LinkEthernet)
			got, _ := ours(t, path, decode.Options{})
			for _, d := range differences(got, tshark(t, path)) {
				t.Errorf("%s, %d: %s", tr.name, cut, d)
			}
		}
	}
}
