//go:build pcap

package live

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/google/gopacket/pcap"

	"imscope/decode/capture"
	"imscope/decode/capture/live/filter"
)

// libpcapDefault is filter.Default in libpcap's language: TCP, SCTP, ESP, tunnels, fragments, and datagrams that begin
// like a message. Tunnels over UDP are kept by their ports.
const libpcapDefault = "not arp and not icmp and not icmp6 and (not udp or (ip[6:2] & 0x3fff != 0)" +
	" or port 4500 or port 4789 or port 8472 or port 4790 or port 6081 or port 37008 or port 1701 or port 6635 or port 2152" +
	" or (ip proto 17 and udp[8:4] & 0x80808080 = 0) or (ip6 proto 17 and ip6[48:4] & 0x80808080 = 0))"

// handles captures from network interfaces by libpcap, each in a goroutine of its own.
type handles struct {
	s    *Source
	list []*handle
}

type handle struct {
	*pcap.Handle
	name string
	file uint16
	in   *input
	link capture.LinkType
}

func openInterfaces(s *Source, opt *Options) (feeder, error) {
	f := &handles{s: s}
	for _, name := range opt.Interfaces {
		h, err := openHandle(name, opt)
		if err != nil {
			f.close()
			return nil, fmt.Errorf("%s: %w", name, permission(err))
		}
		x := &handle{Handle: h, name: name, link: capture.LinkType(h.LinkType())}
		x.file, x.in = s.input("interface", name, "interface")
		f.list = append(f.list, x)
	}
	return f, nil
}

// permission recognises the errors of libpcap that are about rights.
func permission(err error) error {
	if s := err.Error(); strings.Contains(s, "ermission") || strings.Contains(s, "not permitted") {
		return fmt.Errorf("%w (%v)", ErrPermission, err)
	}
	return err
}

func openHandle(name string, opt *Options) (*pcap.Handle, error) {
	i, err := pcap.NewInactiveHandle(name)
	if err != nil {
		return nil, err
	}
	defer i.CleanUp()
	err = errors.Join(i.SetSnapLen(opt.SnapLen), i.SetPromisc(!opt.NoPromiscuous && name != "any"), i.SetTimeout(waitTime), i.SetBufferSize(opt.RingBytes))
	if err != nil {
		return nil, err
	}
	h, err := i.Activate()
	if err != nil {
		return nil, err
	}
	if opt.Filter != nil {
		err = h.SetBPFInstructionFilter(instructions(opt.Filter))
	} else {
		expression := opt.Expression
		if expression == "" {
			expression = libpcapDefault
		}
		err = h.SetBPFFilter(expression)
	}
	if err != nil {
		h.Close()
		return nil, err
	}
	return h, nil
}

// waitTime is how long libpcap gathers packets.
const waitTime = 10 * time.Millisecond

func instructions(p filter.Program) []pcap.BPFInstruction {
	out := make([]pcap.BPFInstruction, len(p))
	for i, x := range p {
		out[i] = pcap.BPFInstruction{Code: x.Op, Jt: x.Jt, Jf: x.Jf, K: x.K}
	}
	return out
}

func (f *handles) close() error {
	for _, h := range f.list {
		h.Close()
	}
	return nil
}

func (f *handles) run(stop <-chan struct{}) error {
	var wg sync.WaitGroup
	errs := make([]error, len(f.list))
	for i, h := range f.list {
		wg.Go(func() { errs[i] = f.read(h, stop) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (f *handles) read(h *handle, stop <-chan struct{}) error {
	k := &sink{s: f.s}
	defer k.finish()
	counted := time.Now()
	for {
		select {
		case <-stop:
			h.statistics()
			return nil
		default:
		}
		data, ci, err := h.ZeroCopyReadPacketData()
		switch {
		case err == nil:
			k.add(h.in, data, capture.Packet{Time: ci.Timestamp.UnixNano(), OrigLen: uint32(ci.Length), File: h.file, Link: h.link})
		case errors.Is(err, pcap.NextErrorTimeoutExpired):
			k.flush()
		default:
			return fmt.Errorf("capturing from %s: %w", h.name, err)
		}
		now := time.Now()
		k.age(now)
		if now.Sub(counted) >= time.Second {
			counted = now
			h.statistics()
		}
	}
}

// statistics takes over libpcap's counters.
func (h *handle) statistics() {
	if st, err := h.Stats(); err == nil {
		h.in.kernel.Store(uint64(st.PacketsReceived))
		h.in.dropped.Store(uint64(st.PacketsDropped) + uint64(st.PacketsIfDropped))
	}
}
