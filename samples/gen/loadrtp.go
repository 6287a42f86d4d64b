package gen

import (
	"encoding/binary"
	"net/netip"
)

const (
	// rtpStreamCount is how many calls talk at any time.
	rtpStreamCount = 64
	rtpFirstPort   = 20000
	rtpHeaderLen   = 12
	rtpPayloadLen  = 160 // 20 ms of G.711
	rtpVersion     = 2 << 6
)

// rtpStreams gives RTP packets of all streams in turn.
type rtpStreams struct {
	frames [rtpStreamCount][]byte
	turn   int
	seq    uint16
}

func newRTPStreams() *rtpStreams {
	r := &rtpStreams{}
	gateway := netip.AddrFrom4([4]byte{10, 0, 0, 9})
	for i := range r.frames {
		f := make([]byte, udpFrameLen+rtpHeaderLen+rtpPayloadLen)
		port := uint16(rtpFirstPort + 2*i)
		putUDPHeaders(f, netip.AddrFrom4([4]byte{10, 0, 1, byte(i)}), gateway, port, port)
		rtp := f[udpFrameLen:]
		rtp[0] = rtpVersion
		binary.BigEndian.PutUint32(rtp[8:], uint32(i)*0x9e3779b1) // SSRC
		for j := range rtp[rtpHeaderLen:] {
			rtp[rtpHeaderLen+j] = byte(i*31 + j*7)
		}
		r.frames[i] = f
	}
	return r
}

// next returns the next packet, valid until the one after.
func (r *rtpStreams) next() []byte {
	f := r.frames[r.turn]
	rtp := f[udpFrameLen:]
	binary.BigEndian.PutUint16(rtp[2:], r.seq)
	binary.BigEndian.PutUint32(rtp[4:], uint32(r.seq)*rtpPayloadLen)
	if r.turn++; r.turn == rtpStreamCount {
		r.turn = 0
		r.seq++
	}
	return f
}
