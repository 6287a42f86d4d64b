package live

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"imscope/decode/capture"
)

// HEPOptions say where a collector listens.
type HEPOptions struct {
	// Addr is HOST:PORT. HEP version 1 to 3 comes over UDP, version 3 over TCP.
	Addr string
	// Key is what agents have to know (chunk 14 of version 3); empty takes everybody's messages.
	Key string
}

const (
	// maxConnections bounds the agents on TCP of one collector.
	maxConnections = 1024
	// socketBuffer is asked for to hold the bursts of agents; the kernel may give less (net.core.rmem_max).
	socketBuffer = 8 << 20
	// maxDatagram is the largest UDP payload.
	maxDatagram = 65535
)

// collector receives from capture agents. Each message becomes a raw IP packet from the agent to this collector, so that
// it is decoded, saved and read again like one that was captured on its way.
type collector struct {
	s        *Source
	key      []byte
	udp      *net.UDPConn
	tcp      *net.TCPListener
	local    netip.AddrPort
	file     uint16
	in       *input
	conns    atomic.Int32
	mu       sync.Mutex // of the sink that the connections share
	shared   sink
	stopping atomic.Bool
}

func openHEP(s *Source, opt HEPOptions) (feeder, error) {
	addr, err := net.ResolveUDPAddr("udp", opt.Addr)
	if err != nil {
		return nil, fmt.Errorf("--hep %s: %w", opt.Addr, err)
	}
	c := &collector{s: s, key: []byte(opt.Key), shared: sink{s: s}}
	if c.udp, err = net.ListenUDP("udp", addr); err != nil {
		return nil, fmt.Errorf("--hep %s: %w", opt.Addr, err)
	}
	bound := c.udp.LocalAddr().(*net.UDPAddr)
	if c.tcp, err = net.ListenTCP("tcp", &net.TCPAddr{IP: addr.IP, Port: bound.Port, Zone: addr.Zone}); err != nil {
		c.udp.Close()
		return nil, fmt.Errorf("--hep %s: %w", opt.Addr, err)
	}
	c.local = bound.AddrPort()
	enlarge(c.udp, socketBuffer)
	c.file, c.in = s.input("hep", "hep "+c.local.String(), "hep")
	return c, nil
}

// Addresses gives where collectors listen: a port of 0 was chosen by the system.
func (s *Source) Addresses() []netip.AddrPort {
	var list []netip.AddrPort
	for _, f := range s.feeders {
		if c, ok := f.(*collector); ok {
			list = append(list, c.local)
		}
	}
	return list
}

func (c *collector) close() error {
	return errors.Join(ignoreClosed(c.udp.Close()), ignoreClosed(c.tcp.Close()))
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

func (c *collector) run(stop <-chan struct{}) error {
	var wg sync.WaitGroup
	end := make(chan struct{})
	go func() {
		select {
		case <-stop:
		case <-end:
		}
		c.stopping.Store(true)
		c.close()
	}()
	var err error
	wg.Go(func() { c.accept(&wg) })
	err = c.receive()
	close(end)
	wg.Wait()
	c.shared.finish()
	return err
}

// receive reads datagrams.
func (c *collector) receive() error {
	k := &sink{s: c.s}
	defer k.finish()
	b := make([]byte, maxDatagram)
	oob := make([]byte, 64)
	_ = c.udp.SetReadDeadline(time.Now().Add(flushAfter))
	for {
		n, on, _, from, err := c.udp.ReadMsgUDPAddrPort(b, oob)
		switch {
		case err == nil:
			if d, ok := overflow(oob[:on]); ok {
				c.in.dropped.Store(d)
			}
			c.take(k, b[:n], from)
			k.age(time.Now())
			continue
		case c.stopping.Load():
			return nil
		}
		var ne net.Error
		if errors.As(err, &ne) && ne.Timeout() {
			// The deadline is for what waits in the sink.
			_ = c.udp.SetReadDeadline(time.Now().Add(flushAfter))
			k.flush()
			continue
		}
		if errors.Is(err, net.ErrClosed) {
			return fmt.Errorf("%s: %w", c.in.name, err)
		}
	}
}

// accept takes the connections of agents.
func (c *collector) accept(wg *sync.WaitGroup) {
	tick := time.NewTicker(flushAfter)
	defer tick.Stop()
	done := make(chan struct{})
	defer close(done)
	wg.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				c.mu.Lock()
				c.shared.flush()
				c.mu.Unlock()
			}
		}
	})
	for {
		conn, err := c.tcp.AcceptTCP()
		if err != nil {
			if c.stopping.Load() || errors.Is(err, net.ErrClosed) {
				return
			}
			time.Sleep(flushAfter) // out of descriptors, as a rule
			continue
		}
		if c.conns.Add(1) > maxConnections {
			c.conns.Add(-1)
			c.in.refused.Add(1)
			conn.Close()
			continue
		}
		wg.Go(func() {
			defer c.conns.Add(-1)
			c.connection(conn)
		})
	}
}

// connection reads HEP version 3 messages, one after the other, until the agent leaves or sends something else.
func (c *collector) connection(conn *net.TCPConn) {
	closed := make(chan struct{})
	defer close(closed)
	go func() {
		select {
		case <-c.s.stop:
		case <-closed:
		}
		conn.Close()
	}()
	from := conn.RemoteAddr().(*net.TCPAddr).AddrPort()
	r := bufio.NewReaderSize(conn, 16<<10)
	b := make([]byte, maxDatagram)
	for {
		if _, err := io.ReadFull(r, b[:hepHeader]); err != nil {
			return
		}
		n := int(binary.BigEndian.Uint16(b[4:]))
		if string(b[:4]) != hepMagic || n < hepHeader {
			c.in.refused.Add(1)
			return
		}
		if _, err := io.ReadFull(r, b[hepHeader:n]); err != nil {
			return
		}
		c.mu.Lock()
		c.take(&c.shared, b[:n], from)
		c.mu.Unlock()
	}
}

// take checks a message and hands it over.
func (c *collector) take(k *sink, b []byte, from netip.AddrPort) {
	ok, kind := checkHEP(b, c.key)
	if !ok {
		c.in.refused.Add(1)
		return
	}
	if k.pressed() && kind != hepSIP && kind != hepDiameter {
		c.in.shed.Add(1)
		return
	}
	from = netip.AddrPortFrom(from.Addr().Unmap().WithZone(""), from.Port())
	head := datagramHeader(from.Addr())
	size := min(head+len(b), maxIPPacket(from.Addr()))
	p := k.room(size)
	if p == nil {
		c.in.lost.Add(1)
		return
	}
	copy(p[head:], b)
	wrapDatagram(p, from, c.local)
	k.put(c.in, capture.Packet{Data: p, Time: time.Now().UnixNano(), OrigLen: uint32(head + len(b)), File: c.file, Link: capture.LinkRaw})
}
