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
)

var (
	defaultLoadStart = time.Date(2026, 3, 5, 8, 0, 0, 0, time.UTC)
	loadUserNet      = netip.AddrFrom4([4]byte{10, 64, 0, 0}) // /10
	loadPCSCF        = netip.AddrFrom4([4]byte{10, 0, 0, 1})
	loadSCSCF        = netip.AddrFrom4([4]byte{10, 0, 0, 2})
)

// Load writes the signalling of many users as a pcap file, in the order of time. It keeps no state of
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
	l := loader{cfg: cfg, file: file, last: cfg.Start, rtp: newRTPStreams()}
	l.stats.Users = cfg.Users
	if err := l.run(); err != nil {
		return l.stats, err
	}
	return l.stats, buffered.Flush()
}

type loader struct {
	cfg    LoadConfig
	file   *pcapgo.Writer
	stats  LoadStats
	packet []byte // reused
	body   []byte // reused
	last   time.Time
	owed   float64 // RTP packets that are due before the next message
	rtp    *rtpStreams
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
	putUDPHeaders(l.packet, src, dst, sipPort, sipPort)
	l.stats.SIPMessages++
	switch st.counts {
	case countSubscription:
		l.stats.Subscriptions++
	case countDeregistration:
		l.stats.Deregistrations++
	}
	return l.write(t, l.packet)
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

// udpFrameLen is the length of the Ethernet, IPv4 and UDP headers.
const (
	ethernetLen = 14
	ipv4Len     = 20
	udpLen      = 8
	udpFrameLen = ethernetLen + ipv4Len + udpLen
)

// putUDPHeaders fills in the headers in front of a payload. The UDP checksum stays zero, which IPv4
// allows (RFC 768).
func putUDPHeaders(frame []byte, src, dst netip.Addr, srcPort, dstPort uint16) {
	copy(frame, "\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01\x08\x00")
	ip := frame[ethernetLen:]
	clear(ip[:ipv4Len])
	ip[0] = 4<<4 | ipv4Len/4
	binary.BigEndian.PutUint16(ip[2:], uint16(len(ip)))
	ip[6] = 0x40 // don't fragment
	ip[8] = hopLimit
	ip[9] = byte(layers.IPProtocolUDP)
	s, d := src.As4(), dst.As4()
	copy(ip[12:], s[:])
	copy(ip[16:], d[:])
	var sum uint32
	for i := 0; i < ipv4Len; i += 2 {
		sum += uint32(binary.BigEndian.Uint16(ip[i:]))
	}
	sum = sum>>16 + sum&0xffff
	sum += sum >> 16
	binary.BigEndian.PutUint16(ip[10:], ^uint16(sum))
	udp := ip[ipv4Len:]
	binary.BigEndian.PutUint16(udp, srcPort)
	binary.BigEndian.PutUint16(udp[2:], dstPort)
	binary.BigEndian.PutUint16(udp[4:], uint16(len(udp)))
	binary.BigEndian.PutUint16(udp[6:], 0)
}
