package gen

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net/netip"
	"sort"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
	"github.com/google/gopacket/pcapgo"
)

// LoadConfig says what Load writes. Equal configurations give equal bytes.
type LoadConfig struct {
	// Users is the number of users, each with one phone. Of every 16, all register (REGISTER, 401,
	// REGISTER, 200), 8 also watch their registration (SUBSCRIBE, 200, NOTIFY, 200), and 5 of these
	// de-register later (REGISTER, 200, NOTIFY, 200). Every message is there on Gm and on Mw, which
	// makes 14.5 SIP messages a user.
	Users int
	// TCP sends the signalling over TCP instead of UDP, in connections that were there before: one of each phone, one
	// between the proxies.
	TCP bool
	// RTPPerMessage is the number of RTP packets for each SIP message; 49 leaves 2 % signalling.
	RTPPerMessage float64
	// Start is the time of the first packet; 2026-03-05 08:00 UTC if zero.
	Start time.Time
	// Interval lies between the first REGISTERs of two users; 5 ms if zero.
	Interval time.Duration
}

// LoadStats says what Load has written.
type LoadStats struct {
	Packets         uint64
	SIPMessages     uint64 // transmissions, as Wireshark counts
	RTPPackets      uint64
	Users           int
	Subscriptions   int
	Deregistrations int // all by the user, all successful
}

const (
	// maxLoadUsers is the number of addresses in loadUserNet.
	maxLoadUsers = 1 << 22
	// loadBuffer is large enough to make system calls rare.
	loadBuffer = 1 << 20
	// loadSnapLen is the largest packet that the file claims to hold.
	loadSnapLen         = 1 << 16
	defaultLoadInterval = 5 * time.Millisecond
	// loadSegment is the maximum segment size of the connections, that of an Ethernet link with time stamps.
	loadSegment = 1448
)

var (
	defaultLoadStart = time.Date(2026, 3, 5, 8, 0, 0, 0, time.UTC)
	loadUserNet      = netip.AddrFrom4([4]byte{10, 64, 0, 0}) // /10
	loadPCSCF        = netip.AddrFrom4([4]byte{10, 0, 0, 1})
	loadSCSCF        = netip.AddrFrom4([4]byte{10, 0, 0, 2})
)

// Load writes the signalling of many users as a pcap file, in the order of time. Over UDP it keeps no state of
// users, so that its memory does not depend on their number.
func Load(w io.Writer, cfg LoadConfig) (LoadStats, error) {
	if cfg.Users < 1 || cfg.Users > maxLoadUsers {
		return LoadStats{}, fmt.Errorf("load: users must be 1 to %d, not %d", maxLoadUsers, cfg.Users)
	}
	if cfg.RTPPerMessage < 0 {
		return LoadStats{}, fmt.Errorf("load: negative number of RTP packets")
	}
	if cfg.Start.IsZero() {
		cfg.Start = defaultLoadStart
	}
	if cfg.Interval <= 0 {
		cfg.Interval = defaultLoadInterval
	}
	buffered := bufio.NewWriterSize(w, loadBuffer)
	file := pcapgo.NewWriter(buffered)
	if err := file.WriteFileHeader(loadSnapLen, layers.LinkTypeEthernet); err != nil {
		return LoadStats{}, err
	}
	l := loader{cfg: cfg, file: file, last: cfg.Start, rtp: newRTPStreams(), seq: map[[2]netip.Addr]uint32{}}
	l.stats.Users = cfg.Users
	if err := l.run(); err != nil {
		return l.stats, err
	}
	return l.stats, buffered.Flush()
}

type loader struct {
	cfg     LoadConfig
	file    *pcapgo.Writer
	stats   LoadStats
	packet  []byte                   // reused
	seq     map[[2]netip.Addr]uint32 // next sequence number of each direction
	segment []byte                   // reused
	body    []byte                   // reused
	last    time.Time
	owed    float64 // RTP packets that are due before the next message
	rtp     *rtpStreams
}

// run goes through the slots of time, one Interval each. User n starts in slot n, so a step that
// comes lag slots later is in slot s the turn of user s-lag: no queue is needed.
func (l *loader) run() error {
	type turn struct {
		step *loadStep
		lag  int
		rest time.Duration // within the slot
	}
	turns := make([]turn, len(loadSteps))
	slots := l.cfg.Users
	for i := range loadSteps {
		st := &loadSteps[i]
		t := turn{st, int(st.after / l.cfg.Interval), st.after % l.cfg.Interval}
		turns[i] = t
		slots = max(slots, l.cfg.Users+t.lag)
	}
	sort.SliceStable(turns, func(i, j int) bool { return turns[i].rest < turns[j].rest })
	for slot := range slots {
		begin := l.cfg.Start.Add(time.Duration(slot) * l.cfg.Interval)
		for _, t := range turns {
			user := slot - t.lag
			if user < 0 || user >= l.cfg.Users || !t.step.who(user) {
				continue
			}
			if err := l.message(begin.Add(t.rest), t.step, user); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *loader) message(t time.Time, st *loadStep, user int) error {
	if err := l.noise(t); err != nil {
		return err
	}
	addr := loadUserAddr(user)
	src, dst := addr, loadPCSCF
	switch st.dir {
	case gmDown:
		src, dst = loadPCSCF, addr
	case mwUp:
		src, dst = loadPCSCF, loadSCSCF
	case mwDown:
		src, dst = loadSCSCF, loadPCSCF
	}
	l.body = st.body.append(l.body[:0], user, addr, 0)
	l.packet = append(l.packet[:0], make([]byte, udpFrameLen)...)
	l.packet = st.head.append(l.packet, user, addr, len(l.body))
	l.packet = append(l.packet, l.body...)
	l.stats.SIPMessages++
	switch st.counts {
	case countSubscription:
		l.stats.Subscriptions++
	case countDeregistration:
		l.stats.Deregistrations++
	}
	if l.cfg.TCP {
		return l.segments(t, l.packet[udpFrameLen:], src, dst)
	}
	putUDPHeaders(l.packet, src, dst, sipPort, sipPort)
	return l.write(t, l.packet)
}

// segments sends a message over a connection.
func (l *loader) segments(t time.Time, message []byte, src, dst netip.Addr) error {
	way := [2]netip.Addr{src, dst}
	for len(message) > 0 {
		n := min(len(message), loadSegment)
		l.segment = append(append(l.segment[:0], make([]byte, tcpFrameLen)...), message[:n]...)
		putTCPHeaders(l.segment, src, dst, sipPort, sipPort, l.seq[way])
		l.seq[way] += uint32(n)
		message = message[n:]
		if err := l.write(t, l.segment); err != nil {
			return err
		}
	}
	return nil
}

// noise spreads the RTP packets that are owed between the last message and t.
func (l *loader) noise(t time.Time) error {
	n := int(l.owed)
	l.owed += l.cfg.RTPPerMessage - float64(n)
	gap := t.Sub(l.last)
	for i := range n {
		at := l.last.Add(gap * time.Duration(i+1) / time.Duration(n+1))
		if err := l.write(at, l.rtp.next()); err != nil {
			return err
		}
		l.stats.RTPPackets++
	}
	l.last = t
	return nil
}

func (l *loader) write(t time.Time, frame []byte) error {
	l.stats.Packets++
	return l.file.WritePacket(gopacket.CaptureInfo{Timestamp: t, CaptureLength: len(frame), Length: len(frame)}, frame)
}

func loadUserAddr(user int) netip.Addr {
	b := loadUserNet.As4()
	binary.BigEndian.PutUint32(b[:], binary.BigEndian.Uint32(b[:])+uint32(user))
	return netip.AddrFrom4(b)
}
