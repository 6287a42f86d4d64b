//go:build linux && !pcap

package live

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gopacket/gopacket/afpacket"
	"golang.org/x/sys/unix"

	"imscope/decode/capture"
	"imscope/decode/capture/live/filter"
)

const (
	// ringBlock is handed over by the kernel at a time. It has to hold the largest packet.
	ringBlock = 512 << 10
	// blockTimeout is how long the kernel keeps a block that is not full.
	blockTimeout = 8 * time.Millisecond
	// waitTimeout is how long the ring is waited for at a time.
	waitTimeout = 10 * time.Millisecond
	// drainTime bounds how long packets are still taken after the end was asked for.
	drainTime = 200 * time.Millisecond
)

// interfaces captures from network interfaces by one memory-mapped ring (packet(7), TPACKET_V3). One interface has the
// ring to itself; several share one that sees all interfaces and a filter that picks theirs, so that their packets
// come in order of time.
type interfaces struct {
	s       *Source
	opt     *Options
	names   []string // wanted; none means all
	ring    *afpacket.TPacket
	from    int64 // packets before this time met no filter yet
	control int   // a socket to ask things of interfaces by, and to hold them in promiscuous mode
	seen    map[int]*device
	tagged  []byte // a frame with its tag put back

	held map[string]state // by name; of the goroutine that watches
}

// device is an interface that a packet came from.
type device struct {
	file uint16
	in   *input
	link capture.LinkType
}

// state is what was known of an interface when it was last looked at.
type state struct {
	index int
	up    bool
}

func openInterfaces(s *Source, opt *Options) (feeder, error) {
	switch {
	case opt.Filter != nil:
	case opt.Expression == "":
		opt.Filter = filter.Default()
	default:
		c, err := filter.Compile(opt.Expression)
		if err != nil {
			return nil, err
		}
		opt.Filter = c.Program
	}
	f := &interfaces{s: s, opt: opt, control: -1, seen: map[int]*device{}, held: map[string]state{}}
	for _, name := range opt.Interfaces {
		if name == "any" {
			f.names = nil
			break
		}
		if !slices.Contains(f.names, name) {
			f.names = append(f.names, name)
		}
	}
	for _, name := range f.names {
		i, err := net.InterfaceByName(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w; there are %s", name, ErrNoInterface, interfaceNames())
		}
		f.held[name] = state{i.Index, i.Flags&net.FlagUp != 0}
	}
	if err := f.open(); err != nil {
		f.close()
		return nil, openError(strings.Join(opt.Interfaces, ", "), err)
	}
	for _, name := range f.names {
		if !f.held[name].up {
			s.notice(name + " is down; its packets come once it is up")
		}
		s.input("interface", name, "interface")
	}
	return f, nil
}

// interfaceNames lists what can be captured from.
func interfaceNames() string {
	list, err := net.Interfaces()
	if err != nil {
		return "any"
	}
	names := []string{"any"}
	for _, i := range list {
		names = append(names, i.Name)
	}
	return strings.Join(names, ", ")
}

// open opens the ring.
func (f *interfaces) open() error {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	f.control = fd
	options := []any{
		afpacket.TPacketVersion3, afpacket.OptFrameSize(4096), afpacket.OptBlockSize(ringBlock),
		afpacket.OptNumBlocks(max(f.opt.RingBytes/ringBlock, 2)),
		afpacket.OptBlockTimeout(blockTimeout), afpacket.OptPollTimeout(waitTimeout),
	}
	if len(f.names) == 1 {
		options = append(options, afpacket.OptInterface(f.names[0]))
	}
	if f.ring, err = afpacket.NewTPacket(options...); err != nil {
		return err
	}
	return f.configure()
}

// configure sets the filter and promiscuous mode for the interfaces as they are now.
func (f *interfaces) configure() error {
	var indices []int
	for _, name := range f.names {
		indices = append(indices, f.held[name].index)
	}
	p, err := filter.ForInterfaces(f.opt.Filter.Snap(uint32(f.opt.SnapLen)), indices, loopback())
	if err != nil {
		return err
	}
	if err := f.ring.SetBPF(p); err != nil {
		return fmt.Errorf("the kernel refuses the filter of %d instructions: %w", len(p), err)
	}
	if f.from == 0 {
		f.from = time.Now().UnixNano()
	}
	if f.opt.NoPromiscuous {
		return nil
	}
	for i, name := range f.names {
		m := unix.PacketMreq{Ifindex: int32(indices[i]), Type: unix.PACKET_MR_PROMISC}
		if err := unix.SetsockoptPacketMreq(f.control, unix.SOL_PACKET, unix.PACKET_ADD_MEMBERSHIP, &m); err != nil {
			f.s.notice(fmt.Sprintf("%s: no promiscuous mode: %v", name, err))
		}
	}
	return nil
}

// loopback is the index of the loopback interface, 0 if there is none.
func loopback() int {
	list, err := net.Interfaces()
	if err != nil {
		return 0
	}
	for _, i := range list {
		if i.Flags&net.FlagLoopback != 0 {
			return i.Index
		}
	}
	return 0
}

func (f *interfaces) close() error {
	if f.ring != nil {
		f.ring.Close()
	}
	if f.control >= 0 {
		unix.Close(f.control)
		f.control = -1
	}
	return nil
}

// run reads the ring until stop.
func (f *interfaces) run(stop <-chan struct{}) error {
	watch := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { f.watch(watch) })
	defer wg.Wait()
	defer close(watch)
	k := &sink{s: f.s}
	defer k.finish()
	var last int64 // packets of later time are not taken any more; 0 while running
	for n := 0; ; n++ {
		if n%64 == 0 && last == 0 {
			select {
			case <-stop:
				last = time.Now().UnixNano()
			default:
			}
		}
		data, ci, err := f.ring.ZeroCopyReadPacketData()
		switch {
		case err == nil:
			at := ci.Timestamp.UnixNano()
			if last != 0 && (at > last || time.Now().UnixNano()-last > int64(drainTime)) {
				f.statistics()
				return nil
			}
			if at < f.from {
				continue
			}
			f.take(k, data, at, ci.Length, ci.InterfaceIndex, vlan(ci.AncillaryData))
			if n%64 == 0 {
				k.age(time.Now())
			}
			continue
		case errors.Is(err, afpacket.ErrTimeout):
			if last != 0 {
				f.statistics()
				return nil
			}
		case errors.Is(err, afpacket.ErrPoll):
			// The interface is down or gone. The socket says so until it is written to; packets come again when the
			// interface is up.
			if last != 0 {
				return nil
			}
			time.Sleep(waitTimeout)
			_ = f.ring.WritePacketData(nil)
		case errors.Is(err, unix.EINTR):
		default:
			return fmt.Errorf("capturing from %s: %w", strings.Join(f.opt.Interfaces, ", "), err)
		}
		n = -1 // look at stop at once
		k.flush()
	}
}

// vlan is the tag that the kernel took off, -1 for none.
func vlan(ancillary []any) int {
	for _, a := range ancillary {
		if v, ok := a.(afpacket.AncillaryVLAN); ok {
			return v.VLAN
		}
	}
	return -1
}

// take copies a packet out of the ring.
func (f *interfaces) take(k *sink, data []byte, at int64, length, index, vlan int) {
	d := f.seen[index]
	if d == nil {
		d = f.device(index)
	}
	p := capture.Packet{Time: at, OrigLen: uint32(length), File: d.file, Link: d.link}
	const macs = 12
	if vlan < 0 || d.link != capture.LinkEthernet || len(data) < macs {
		k.add(d.in, data, p)
		return
	}
	if length >= len(data) {
		p.OrigLen += 4
	}
	f.tagged = append(append(f.tagged[:0], data[:macs]...), 0x81, 0, byte(vlan>>8), byte(vlan))
	f.tagged = append(f.tagged, data[macs:]...)
	k.add(d.in, f.tagged, p)
}

// maxDevices bounds the table of interfaces; it begins anew when it is full.
const maxDevices = 4096

// device finds out what an interface is.
func (f *interfaces) device(index int) *device {
	if len(f.seen) >= maxDevices {
		clear(f.seen)
	}
	name, link := fmt.Sprintf("interface %d", index), capture.LinkEthernet
	if i, err := net.InterfaceByIndex(index); err == nil {
		name, link = i.Name, f.link(i.Name)
	}
	d := &device{link: link}
	d.file, d.in = f.s.input("interface", name, "interface")
	f.seen[index] = d
	return d
}

// link tells what the frames of an interface begin with, by its ARP hardware type (linux/if_arp.h).
func (f *interfaces) link(name string) capture.LinkType {
	req, err := unix.NewIfreq(name)
	if err != nil {
		return capture.LinkEthernet
	}
	if err := unix.IoctlIfreq(f.control, unix.SIOCGIFHWADDR, req); err != nil {
		return capture.LinkEthernet
	}
	switch req.Uint16() {
	case unix.ARPHRD_NONE, unix.ARPHRD_RAWIP, unix.ARPHRD_PPP, unix.ARPHRD_TUNNEL, unix.ARPHRD_TUNNEL6, unix.ARPHRD_SIT,
		unix.ARPHRD_IPGRE, unix.ARPHRD_IP6GRE, unix.ARPHRD_SLIP, unix.ARPHRD_CSLIP:
		return capture.LinkRaw
	case unix.ARPHRD_IEEE80211:
		return capture.LinkIEEE80211
	case unix.ARPHRD_IEEE80211_RADIOTAP:
		return capture.LinkRadiotap
	}
	return capture.LinkEthernet
}

// watch looks at the interfaces and at the kernel's counters now and then.
func (f *interfaces) watch(done <-chan struct{}) {
	t := time.NewTicker(pollEvery)
	defer t.Stop()
	for {
		select {
		case <-done:
			return
		case <-t.C:
		}
		f.statistics()
		f.look()
	}
}

// statistics takes over the kernel's counters. They are of the ring, so those of several interfaces stand with the
// first.
func (f *interfaces) statistics() {
	_, st, err := f.ring.SocketStats()
	if err != nil {
		return
	}
	f.s.mu.Lock()
	defer f.s.mu.Unlock()
	for _, in := range f.s.inputs {
		if in.kind == "interface" {
			in.kernel.Store(uint64(st.Packets()))
			in.dropped.Store(uint64(st.Drops()))
			return
		}
	}
}

// look notices interfaces that went down, came up, or were made anew under their old name.
func (f *interfaces) look() {
	changed := false
	for _, name := range f.names {
		was := f.held[name]
		now := state{index: was.index}
		i, err := net.InterfaceByName(name)
		if err == nil {
			now = state{i.Index, i.Flags&net.FlagUp != 0}
		}
		switch {
		case now.index != was.index && len(f.names) == 1:
			f.s.notice(name + " was removed and made anew; it can only be captured from after a restart")
		case now.index != was.index:
			changed = true
			f.s.notice(name + " was made anew and is captured from again")
		case err != nil && was.up:
			f.s.notice(name + " is gone")
		case now.up && !was.up:
			f.s.notice(name + " is up")
		case !now.up && was.up:
			f.s.notice(name + " went down")
		}
		f.held[name] = now
	}
	if changed {
		if err := f.configure(); err != nil {
			f.s.notice(err.Error())
		}
	}
}
