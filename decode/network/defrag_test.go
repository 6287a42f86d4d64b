package network

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"
)

// frag is a fragment as Walk leaves it: of the datagram id from alice to bob.
func frag(id, off uint32, more bool, payload string) *Packet {
	return &Packet{
		Kind: Fragment, Weight: 1, Payload: []byte(payload),
		Src: netip.AddrPortFrom(alice4.Addr(), 0), Dst: netip.AddrPortFrom(bob4.Addr(), 0),
		Frag: FragmentInfo{ID: id, Offset: off, More: more, Next: 17},
	}
}

func at(frame uint32) Origin {
	return Origin{Frame: frame, Time: int64(frame) * int64(time.Millisecond)}
}

func TestDefragmenter(t *testing.T) {
	type step struct {
		p    *Packet
		want string // payload if complete, "-" if not, "!" if refused
	}
	v6 := func(id, off uint32, more bool, next uint8, payload string) *Packet {
		p := frag(id, off, more, payload)
		p.Src, p.Dst = netip.AddrPortFrom(alice6.Addr(), 0), netip.AddrPortFrom(bob6.Addr(), 0)
		p.Frag.IPv6, p.Frag.Next = true, next
		return p
	}
	proto := func(p *Packet, next uint8) *Packet { p.Frag.Next = next; return p }
	vlan := func(p *Packet, id uint32) *Packet { p.Path.push(HopVLAN, id); return p }
	short := func(p *Packet) *Packet { p.Truncated = true; return p }
	cases := []struct {
		name    string
		steps   []step
		frames  []uint32 // of the last datagram
		overlap bool
	}{
		{name: "in order", steps: []step{
			{frag(1, 0, true, "aaaaaaaa"), "-"}, {frag(1, 8, true, "bbbbbbbb"), "-"}, {frag(1, 16, false, "c"), "aaaaaaaabbbbbbbbc"}},
			frames: []uint32{1, 2, 3}},
		{name: "backwards", steps: []step{
			{frag(1, 16, false, "c"), "-"}, {frag(1, 8, true, "bbbbbbbb"), "-"}, {frag(1, 0, true, "aaaaaaaa"), "aaaaaaaabbbbbbbbc"}},
			frames: []uint32{1, 2, 3}},
		{name: "duplicates carry nothing", steps: []step{
			{frag(1, 0, true, "aaaaaaaa"), "-"}, {frag(1, 0, true, "aaaaaaaa"), "-"}, {frag(1, 8, false, "b"), "aaaaaaaab"}},
			frames: []uint32{1, 3}},
		{name: "overlap, first wins", steps: []step{
			{frag(1, 8, true, "bbbbbbbb"), "-"}, {frag(1, 0, true, "aaaaaaaaXXXXXXXX"), "-"}, {frag(1, 16, false, "c"), "aaaaaaaabbbbbbbbc"}},
			frames: []uint32{1, 2, 3}, overlap: true},
		{name: "overlap of the same bytes", steps: []step{
			{frag(1, 8, true, "bbbbbbbb"), "-"}, {frag(1, 0, true, "aaaaaaaabbbbbbbb"), "-"}, {frag(1, 16, false, "c"), "aaaaaaaabbbbbbbbc"}},
			frames: []uint32{1, 2, 3}},
		{name: "one fragment around two holes", steps: []step{
			{frag(1, 8, true, "bbbbbbbb"), "-"}, {frag(1, 24, false, "d"), "-"},
			{frag(1, 0, true, "aaaaaaaabbbbbbbbcccccccc"), "aaaaaaaabbbbbbbbccccccccd"}}, frames: []uint32{1, 2, 3}},
		{name: "two ends", steps: []step{
			{frag(1, 8, false, "b"), "-"}, {frag(1, 8, false, "bb"), "!"}, {frag(1, 0, true, "aaaaaaaa"), "aaaaaaaab"}}, frames: []uint32{1, 3}},
		{name: "bytes behind the end", steps: []step{
			{frag(1, 8, false, "b"), "-"}, {frag(1, 8, true, "bbbbbbbb"), "!"}, {frag(1, 0, true, "aaaaaaaa"), "aaaaaaaab"}}, frames: []uint32{1, 3}},
		{name: "end before bytes", steps: []step{
			{frag(1, 16, true, "cccccccc"), "-"}, {frag(1, 8, false, "b"), "!"}, {frag(1, 0, true, "aaaaaaaabbbbbbbb"), "-"},
			{frag(1, 24, false, "d"), "aaaaaaaabbbbbbbbccccccccd"}}, frames: []uint32{1, 3, 4}},
		{name: "other identification", steps: []step{
			{frag(1, 0, true, "aaaaaaaa"), "-"}, {frag(2, 8, false, "b"), "-"}}},
		{name: "other protocol", steps: []step{
			{frag(1, 0, true, "aaaaaaaa"), "-"}, {proto(frag(1, 8, false, "b"), 6), "-"}}},
		{name: "other link", steps: []step{
			{frag(1, 0, true, "aaaaaaaa"), "-"}, {vlan(frag(1, 8, false, "b"), 1), "-"}}},
		{name: "IPv6 takes the first fragment's next header", steps: []step{
			{v6(1, 8, false, 44, "b"), "-"}, {v6(1, 0, true, 17, "aaaaaaaa"), "aaaaaaaab"}}, frames: []uint32{1, 2}},
		{name: "IPv6 is not IPv4", steps: []step{
			{frag(1, 0, true, "aaaaaaaa"), "-"}, {v6(1, 8, false, 17, "b"), "-"}}},
		{name: "last fragment cut by the capture", steps: []step{
			{frag(1, 0, true, "aaaaaaaa"), "-"}, {short(frag(1, 8, false, "b")), "aaaaaaaab"}}, frames: []uint32{1, 2}},
		{name: "same identification again", steps: []step{
			{frag(1, 0, true, "aaaaaaaa"), "-"}, {frag(1, 8, false, "b"), "aaaaaaaab"},
			{frag(1, 0, true, "cccccccc"), "-"}, {frag(1, 8, false, "d"), "ccccccccd"}}, frames: []uint32{3, 4}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := NewDefragmenter(DefragLimits{})
			var last *Packet
			for i, s := range c.steps {
				got := "-"
				if d.Add(s.p, at(uint32(i+1))) {
					if got = string(s.p.Payload); s.p.Kind == Undecodable {
						got = "!"
					} else {
						last = s.p
					}
				}
				if got != s.want {
					t.Fatalf("step %d: %q, want %q", i+1, got, s.want)
				}
			}
			if last == nil {
				return
			}
			if !slices.Equal(last.Frames, c.frames) {
				t.Errorf("frames %v, want %v", last.Frames, c.frames)
			}
			if last.Overlap != c.overlap || (d.Stats.Overlaps > 0) != (c.overlap || slices.ContainsFunc(c.steps, func(s step) bool { return s.want == "!" })) {
				t.Errorf("overlap %v, counted %d", last.Overlap, d.Stats.Overlaps)
			}
			if last.Frag.Next != 17 {
				t.Errorf("next header %d", last.Frag.Next)
			}
		})
	}
}

func TestDefragmenterLimits(t *testing.T) {
	type drop struct {
		packets int
		frame   uint32
	}
	setup := func(l DefragLimits) (*Defragmenter, *[]drop) {
		d := NewDefragmenter(l)
		var drops []drop
		d.Drop = func(p *Packet, o, _ Origin) { drops = append(drops, drop{int(p.Weight), o.Frame}) }
		return d, &drops
	}
	t.Run("timeout", func(t *testing.T) {
		d, drops := setup(DefragLimits{Timeout: 10 * time.Millisecond})
		d.Add(frag(1, 0, true, "aaaaaaaa"), at(1))
		d.Add(frag(1, 8, true, "aaaaaaaa"), at(10))
		if d.Add(frag(1, 16, false, "b"), at(12)) || !slices.Equal(*drops, []drop{{2, 1}}) {
			t.Errorf("drops %v", *drops)
		}
	})
	t.Run("clock steps back", func(t *testing.T) {
		d, _ := setup(DefragLimits{Timeout: 10 * time.Millisecond})
		d.Add(frag(1, 0, true, "aaaaaaaa"), at(1000))
		if !d.Add(frag(1, 8, false, "b"), at(1)) {
			t.Error("not complete")
		}
	})
	t.Run("datagrams", func(t *testing.T) {
		d, drops := setup(DefragLimits{Datagrams: 2})
		for id := range uint32(5) {
			d.Add(frag(id, 0, true, "aaaaaaaa"), at(id+1))
		}
		if !slices.Equal(*drops, []drop{{1, 1}, {1, 2}, {1, 3}}) || d.Stats.Evicted != 3 || len(d.index) != 2 {
			t.Errorf("drops %v, %+v", *drops, d.Stats)
		}
	})
	t.Run("bytes", func(t *testing.T) {
		d, _ := setup(DefragLimits{Bytes: 8 << 10})
		for id := range uint32(100) {
			d.Add(frag(id, 0, true, string(make([]byte, 1024))), at(id+1))
			if d.bytes > 8<<10 {
				t.Fatalf("%d bytes held", d.bytes)
			}
		}
		if d.Stats.Evicted < 80 {
			t.Errorf("%+v", d.Stats)
		}
	})
	t.Run("pieces", func(t *testing.T) {
		d, _ := setup(DefragLimits{})
		for i := range uint32(maxPieces + 1) {
			d.Add(frag(1, i*16, true, "aaaaaaaa"), at(i+1))
		}
		if len(d.index) != 0 || d.Stats.Evicted != 1 {
			t.Errorf("%d datagrams, %+v", len(d.index), d.Stats)
		}
	})
	t.Run("flush", func(t *testing.T) {
		d, drops := setup(DefragLimits{})
		d.Add(frag(1, 0, true, "aaaaaaaa"), at(1))
		d.Add(frag(2, 0, true, "aaaaaaaa"), at(2))
		d.Flush()
		if !slices.Equal(*drops, []drop{{1, 1}, {1, 2}}) || d.Stats.Incomplete != 2 || d.bytes != 0 {
			t.Errorf("drops %v, %+v, %d bytes", *drops, d.Stats, d.bytes)
		}
	})
}

// What is given up of a datagram is its beginning, if that is there.
func TestDefragmenterDrop(t *testing.T) {
	type drop struct {
		kind    Kind
		payload string
		cut     uint32
		frames  string
		first   uint32
		last    uint32
	}
	for _, c := range []struct {
		name  string
		frags []*Packet
		want  drop
	}{
		{"the end is lost", []*Packet{frag(1, 8, true, "bbbbbbbb"), frag(1, 0, true, "aaaaaaaa")}, drop{Fragment, "aaaaaaaabbbbbbbb", 1, "[1 2]", 1, 2}},
		{"the middle is lost", []*Packet{frag(1, 0, true, "aaaaaaaa"), frag(1, 16, false, "c")}, drop{Fragment, "aaaaaaaa", 9, "[1 2]", 1, 2}},
		{"the middle is cut", []*Packet{frag(1, 16, false, "c"), frag(1, 0, true, "aaaaaaaa"), frag(1, 8, true, "bb")}, drop{Fragment, "aaaaaaaabb", 7, "[1 2 3]", 1, 3}},
		{"the beginning is lost", []*Packet{frag(1, 8, false, "b")}, drop{kind: Undecodable, frames: "[]", first: 1, last: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := NewDefragmenter(DefragLimits{})
			var got []drop
			d.Drop = func(p *Packet, first, last Origin) {
				got = append(got, drop{p.Kind, string(p.Payload), p.cut, fmt.Sprint(p.Frames), first.Frame, last.Frame})
				if p.Weight != uint32(len(c.frags)) {
					t.Errorf("weight %d", p.Weight)
				}
				if want := frag(1, 0, true, ""); p.Kind == Fragment && (p.Src != want.Src || p.Dst != want.Dst || p.Frag.Next != 17) {
					t.Errorf("%v > %v, next %d", p.Src, p.Dst, p.Frag.Next)
				}
			}
			for i, p := range c.frags {
				if d.Add(p, at(uint32(i+1))) {
					t.Fatal("complete")
				}
			}
			d.Flush()
			if !slices.Equal(got, []drop{c.want}) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

// cutFragments cuts a payload at multiples of 8.
func cutFragments(r *rand.Rand, id uint32, payload []byte) []*Packet {
	var out []*Packet
	for off := 0; off < len(payload); {
		n := min(8*(1+r.IntN(20)), len(payload)-off)
		out = append(out, frag(id, uint32(off), off+n < len(payload), string(payload[off:off+n])))
		off += n
	}
	return out
}

// Whatever the order, duplication and consistent overlap of fragments, the datagram is the same.
func TestDefragmenterAnyOrder(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		payload := make([]byte, 9+r.IntN(3000))
		for i := range payload {
			payload[i] = byte(r.Uint32())
		}
		frags := append(cutFragments(r, 1, payload), cutFragments(r, 1, payload)...) // two ways to cut
		r.Shuffle(len(frags), func(i, k int) { frags[i], frags[k] = frags[k], frags[i] })
		d := NewDefragmenter(DefragLimits{})
		complete := 0
		for i, p := range frags {
			if !d.Add(p, at(uint32(i+1))) {
				continue
			}
			if complete++; !bytes.Equal(p.Payload, payload) || p.Overlap {
				t.Fatalf("seed %d: wrong datagram", seed)
			}
			if n := len(p.Frames); p.Frames[n-1] != uint32(i+1) || !slices.IsSorted(p.Frames) {
				t.Fatalf("seed %d: frames %v at %d", seed, p.Frames, i+1)
			}
		}
		if complete == 0 {
			t.Fatalf("seed %d: not complete", seed)
		}
		d.Flush()
		if d.bytes != 0 || len(d.index) != 0 {
			t.Fatalf("seed %d: %d bytes left", seed, d.bytes)
		}
	}
}

func TestDefragmenterAllocs(t *testing.T) {
	d := NewDefragmenter(DefragLimits{})
	a, b := frag(1, 0, true, string(make([]byte, 1480))), frag(1, 1480, false, string(make([]byte, 600)))
	payloadA, payloadB := a.Payload, b.Payload
	run := func() {
		a.Payload, b.Payload = payloadA, payloadB
		d.Add(b, at(1))
		if !d.Add(a, at(2)) {
			t.Fatal("not complete")
		}
		a.Frames, a.Weight = nil, 1
	}
	if n := testing.AllocsPerRun(100, run); n != 0 {
		t.Errorf("%v allocations per datagram", n)
	}
}

// FuzzDefragment holds the Defragmenter against a plain model: a byte array in which the first copy wins.
func FuzzDefragment(f *testing.F) {
	f.Add([]byte{0, 0, 8, 1, 1, 0, 8, 2, 2, 1, 3, 0})
	f.Add([]byte{0, 2, 8, 1, 0, 0, 16, 1, 0, 3, 1, 0})
	f.Fuzz(func(t *testing.T, script []byte) {
		d := NewDefragmenter(DefragLimits{Datagrams: 8, Bytes: 64 << 10})
		type model struct {
			data [512]byte
			have [512]bool
		}
		models := map[uint32]*model{}
		for frame := uint32(1); len(script) >= 4; frame++ {
			id, off, n, flags := uint32(script[0]%4), uint32(script[1]%32)*8, int(script[2]), script[3]
			script = script[4:]
			more := flags&1 != 0
			if more {
				n &^= 7
			}
			if n == 0 {
				continue
			}
			payload := bytes.Repeat([]byte{flags}, n)
			m := models[id]
			if m == nil {
				m = &model{}
				models[id] = m
			}
			p := frag(id, off, more, string(payload))
			done := d.Add(p, at(frame))
			if done && p.Kind == Undecodable {
				continue // refused
			}
			for i, c := range payload {
				if !m.have[int(off)+i] {
					m.data[int(off)+i], m.have[int(off)+i] = c, true
				}
			}
			if !done {
				continue
			}
			if !bytes.Equal(p.Payload, m.data[:len(p.Payload)]) {
				t.Fatalf("frame %d: %x, want %x", frame, p.Payload, m.data[:len(p.Payload)])
			}
			delete(models, id)
		}
		d.Flush()
		if d.bytes != 0 || len(d.index) != 0 || d.Stats.Fragments < d.Stats.Complete {
			t.Fatalf("%d bytes left, %+v", d.bytes, d.Stats)
		}
	})
}

func BenchmarkDefragment(b *testing.B) {
	d := NewDefragmenter(DefragLimits{})
	first, second := frag(1, 0, true, string(make([]byte, 1480))), frag(1, 1480, false, string(make([]byte, 600)))
	one, two := first.Payload, second.Payload
	b.ReportAllocs()
	for b.Loop() {
		first.Payload, second.Payload = one, two
		d.Add(first, at(1))
		d.Add(second, at(2))
		second.Frames, second.Weight = nil, 1
	}
}
