package live

import (
	"context"
	"encoding/binary"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"imscope/decode/capture"
)

// reading is a Source that is being read.
type reading struct {
	t       *testing.T
	s       *Source
	notices notices
	done    chan struct{}

	mu      sync.Mutex
	packets []string
	frames  []uint32
	empty   int
	err     error
}

type notices struct {
	mu   sync.Mutex
	list []string
}

func (n *notices) add(text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list = append(n.list, text)
}

func (n *notices) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Join(n.list, "\n")
}

// open opens and starts a source, and reads it in the background.
func open(t *testing.T, opt Options) *reading {
	t.Helper()
	r := &reading{t: t, done: make(chan struct{})}
	opt.Notice = r.notices.add
	s, err := Open(opt)
	if err != nil {
		t.Fatal(err)
	}
	r.s = s
	s.Start()
	go r.read()
	t.Cleanup(func() { s.Close() })
	return r
}

func (r *reading) read() {
	defer close(r.done)
	for {
		b, err := r.s.Next(context.Background())
		r.mu.Lock()
		if err != nil {
			r.err = err
			r.mu.Unlock()
			return
		}
		if len(b.Packets) == 0 {
			r.empty++
		}
		for _, p := range b.Packets {
			r.packets = append(r.packets, string(p.Data))
			r.frames = append(r.frames, p.Frame)
		}
		r.mu.Unlock()
		b.Release()
	}
}

func (r *reading) got() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.packets...)
}

// want waits until exactly these packets are there.
func (r *reading) want(packets ...string) {
	r.t.Helper()
	for deadline := time.Now().Add(5 * time.Second); len(r.got()) < len(packets); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			break
		}
	}
	if got := strings.Join(r.got(), " "); got != strings.Join(packets, " ") {
		r.t.Fatalf("got %q, want %q; notices: %s", got, packets, r.notices.String())
	}
}

// stay makes sure that nothing more comes.
func (r *reading) stay(packets ...string) {
	r.t.Helper()
	time.Sleep(3 * lookEvery)
	r.want(packets...)
}

// end stops the source and waits for its end.
func (r *reading) end() {
	r.t.Helper()
	r.s.Stop()
	select {
	case <-r.done:
	case <-time.After(5 * time.Second):
		r.t.Fatal("the source does not end")
	}
	if r.err != io.EOF {
		r.t.Errorf("it ended with %v", r.err)
	}
	for i, f := range r.frames {
		if f != uint32(i)+1 {
			r.t.Errorf("packet %d is frame %d", i, f)
		}
	}
}

func pcapHeader() []byte {
	b := binary.LittleEndian.AppendUint32(nil, 0xa1b2c3d4)
	b = binary.LittleEndian.AppendUint16(b, 2)
	b = binary.LittleEndian.AppendUint16(b, 4)
	b = append(b, make([]byte, 8)...)
	b = binary.LittleEndian.AppendUint32(b, 262144)
	return binary.LittleEndian.AppendUint32(b, 1)
}

// records are packets whose bytes are the words.
func records(at int, words ...string) []byte {
	var b []byte
	for i, w := range words {
		b = binary.LittleEndian.AppendUint32(b, uint32(1_800_000_000+at))
		b = binary.LittleEndian.AppendUint32(b, uint32(i))
		b = binary.LittleEndian.AppendUint32(b, uint32(len(w)))
		b = binary.LittleEndian.AppendUint32(b, uint32(len(w)))
		b = append(b, w...)
	}
	return b
}

func TestTicks(t *testing.T) {
	r := open(t, Options{HEP: []HEPOptions{{Addr: "127.0.0.1:0"}}})
	time.Sleep(5 * tick)
	r.end()
	if r.empty < 2 {
		t.Errorf("%d empty batches in five ticks", r.empty)
	}
}

// A queue that is full: media is left out first, nothing blocks, all is counted.
func TestShedding(t *testing.T) {
	s := newSource(8, nil)
	_, in := s.input("interface", "test", "interface")
	k := &sink{s: s}
	media := append(make([]byte, 12), 8, 0, 0x45, 0, 0, 200, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x40, 0, 0x40, 1, 0, 180, 0, 0, 0x80, 8, 1, 2)
	media = append(media, make([]byte, 160)...)
	sip := append([]byte(nil), media...)
	copy(sip[42:], "REGISTER sip:home1.fr SIP/2.0")
	const n = 30000
	for range n {
		k.add(in, media, capture.Packet{Link: capture.LinkEthernet})
		k.add(in, sip, capture.Packet{Link: capture.LinkEthernet})
	}
	c := s.Counters()[0]
	if c.Packets+c.Shed+c.Lost != 2*n {
		t.Errorf("%+v does not add up to %d", c, 2*n)
	}
	// Up to half of the queue both are taken, then signalling alone.
	if c.Shed < n*7/10 || c.Lost == 0 || c.Lost > n || c.Packets < 8*1000 {
		t.Errorf("%+v", c)
	}
	taken := map[bool]int{}
	for len(s.queue) > 0 {
		b := <-s.queue
		for _, p := range b.Packets {
			taken[isMedia(capture.LinkEthernet, p.Data)]++
		}
		b.Release()
	}
	if taken[false] < taken[true]*3/2 {
		t.Errorf("%d of signalling and %d of media taken", taken[false], taken[true])
	}
	if k.add(in, sip, capture.Packet{Link: capture.LinkEthernet}); s.Counters()[0].Lost != c.Lost {
		t.Error("lost a packet though there is room again")
	}
	if f := s.Files(); len(f) != 1 || f[0].Skipped.Packets != c.Lost || len(f[0].Warnings) != 1 {
		t.Errorf("the loss is not in %+v", f)
	}
}

func TestOpenNothing(t *testing.T) {
	if _, err := Open(Options{}); err == nil {
		t.Error("a source of nothing")
	}
	if _, err := Open(Options{Follow: []FollowOptions{{Path: "/no/such/directory/x.pcap"}}}); err == nil {
		t.Error("a file in no directory")
	}
	if _, err := Open(Options{HEP: []HEPOptions{{Addr: "nowhere"}}}); err == nil {
		t.Error("a collector without a port")
	}
}
