package filter

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"golang.org/x/net/bpf"
)

// frame is a packet to run filters on.
type frame struct {
	vlans    []uint16
	src, dst string
	proto    byte
	sport    uint16
	dport    uint16
	fragment uint16 // offset in 8 bytes
	more     bool
	options  bool   // an IPv4 option, or an IPv6 hop-by-hop header
	payload  string // behind the transport header
	ether    uint16 // instead of IP
}

func (f frame) bytes() []byte {
	b := make([]byte, 12, 200)
	for _, v := range f.vlans {
		b = append(b, 0x81, 0, byte(v>>8), byte(v))
	}
	if f.ether != 0 {
		return append(binary.BigEndian.AppendUint16(b, f.ether), make([]byte, 60)...)
	}
	src, dst := netip.MustParseAddr(f.src), netip.MustParseAddr(f.dst)
	if src.Is4() {
		b = binary.BigEndian.AppendUint16(b, etherIPv4)
		ip := make([]byte, 20)
		ip[0] = 0x45
		ip[9] = f.proto
		off := f.fragment
		if f.more {
			off |= 0x2000
		}
		binary.BigEndian.PutUint16(ip[6:], off)
		copy(ip[12:], src.AsSlice())
		copy(ip[16:], dst.AsSlice())
		if f.options {
			ip[0] = 0x46
			ip = append(ip, 1, 1, 1, 1)
		}
		b = append(b, ip...)
	} else {
		b = binary.BigEndian.AppendUint16(b, etherIPv6)
		ip := make([]byte, 40)
		ip[0], ip[6] = 0x60, f.proto
		copy(ip[8:], src.AsSlice())
		copy(ip[24:], dst.AsSlice())
		if f.fragment != 0 || f.more {
			ip[6] = 44
			off := f.fragment << 3
			if f.more {
				off |= 1
			}
			ip = append(ip, f.proto, 0, byte(off>>8), byte(off), 0, 0, 0, 1)
		}
		if f.options {
			chain := append([]byte{ip[6], 0, 1, 4, 0, 0, 0, 0}, ip[40:]...)
			ip = append(ip[:40], chain...)
			ip[6] = 0
		}
		b = append(b, ip...)
	}
	if f.fragment == 0 {
		b = binary.BigEndian.AppendUint16(b, f.sport)
		b = binary.BigEndian.AppendUint16(b, f.dport)
		b = append(b, 0, 0, 0, 0)
		if f.proto == protoTCP {
			b = append(b, 0, 0, 0, 0, 0x50, 0x02, 0, 0, 0, 0, 0, 0)
		}
	}
	return append(append(b, f.payload...), make([]byte, 32)...)
}

func run(t *testing.T, p Program, b []byte) bool {
	t.Helper()
	ins, ok := bpf.Disassemble(p)
	if !ok {
		t.Fatal("not disassembled")
	}
	vm, err := bpf.NewVM(ins)
	if err != nil {
		t.Fatal(err)
	}
	n, err := vm.Run(b)
	if err != nil {
		t.Fatal(err)
	}
	return n > 0
}

var frames = map[string]frame{
	"sip4":     {src: "10.0.0.1", dst: "10.0.1.2", proto: protoUDP, sport: 5060, dport: 40000, payload: "SIP/2.0 200 OK"},
	"sip6":     {src: "2001:db8::1", dst: "2001:db8:1::2", proto: protoUDP, sport: 40000, dport: 5060, payload: "REGISTER sip:"},
	"tcp4":     {src: "10.0.0.1", dst: "10.0.1.2", proto: protoTCP, sport: 40000, dport: 5060, payload: "REGISTER sip:"},
	"tcp6opt":  {src: "2001:db8::1", dst: "2001:db8:1::2", proto: protoTCP, sport: 22, dport: 40000, options: true},
	"udp4opt":  {src: "192.168.1.9", dst: "10.0.1.2", proto: protoUDP, sport: 5065, dport: 40000, options: true, payload: "NOTIFY"},
	"vlan":     {vlans: []uint16{10}, src: "10.0.0.1", dst: "10.0.1.2", proto: protoUDP, sport: 5060, dport: 5060, payload: "NOTIFY"},
	"qinq":     {vlans: []uint16{10, 20}, src: "2001:db8::1", dst: "2001:db8:1::2", proto: protoUDP, sport: 5060, dport: 5060, payload: "NOTIFY"},
	"first4":   {src: "10.0.0.1", dst: "10.0.1.2", proto: protoUDP, sport: 5060, dport: 5060, more: true, payload: "NOTIFY"},
	"later4":   {src: "10.0.0.1", dst: "10.0.1.2", proto: protoUDP, fragment: 185, payload: "\x80bulk"},
	"later6":   {src: "2001:db8::1", dst: "2001:db8:1::2", proto: protoUDP, fragment: 100},
	"first6":   {src: "2001:db8::1", dst: "2001:db8:1::2", proto: protoUDP, sport: 5060, dport: 5060, more: true, options: true},
	"rtp4":     {src: "10.0.0.1", dst: "10.0.1.2", proto: protoUDP, sport: 20000, dport: 30000, payload: "\x80\x08\x12\x34voice"},
	"rtp6":     {vlans: []uint16{5}, src: "2001:db8::1", dst: "2001:db8:1::2", proto: protoUDP, sport: 20000, dport: 5060, payload: "\x80\x60\x12\x34"},
	"sigcomp":  {src: "10.0.0.1", dst: "10.0.1.2", proto: protoUDP, sport: 20000, dport: 5060, payload: "\xf8\x60\x12\x34"},
	"sctp":     {src: "10.0.0.1", dst: "10.0.1.2", proto: protoSCTP, sport: 3868, dport: 3868},
	"esp":      {src: "10.0.0.1", dst: "10.0.1.2", proto: protoESP, payload: "\x80\x80\x80\x80"},
	"natt":     {src: "10.0.0.1", dst: "10.0.1.2", proto: protoUDP, sport: 4500, dport: 4500, payload: "\x9f\x80\x80\x80"},
	"icmp":     {src: "10.0.0.1", dst: "10.0.1.2", proto: protoICMP},
	"arp":      {ether: 0x0806},
	"mpls":     {ether: 0x8847},
	"hep":      {src: "10.0.0.1", dst: "10.0.1.2", proto: protoUDP, sport: 9, dport: 9060, payload: "HEP3"},
	"hep2":     {src: "10.0.0.1", dst: "10.0.1.2", proto: protoUDP, sport: 9, dport: 9060, payload: "\x02\x1c\x02\x11"},
	"gtpsip":   gtp("\x30\xff\x00\x20\x00\x00\x00\x01", inner("SIP/2.0 200")),
	"gtprtp":   gtp("\x30\xff\x00\x20\x00\x00\x00\x01", inner("\x80\x08\x00\x01")),
	"gtpseq":   gtp("\x32\xff\x00\x20\x00\x00\x00\x01\x00\x01\x00\x00", inner("\x80\x08\x00\x01")),
	"gtpn3":    gtp("\x34\xff\x00\x20\x00\x00\x00\x01\x00\x00\x00\x85\x01\x00\x01\x00", inner("\x80\x08\x00\x01")),
	"gtpn3sip": gtp("\x34\xff\x00\x20\x00\x00\x00\x01\x00\x00\x00\x85\x01\x00\x01\x00", inner("REGISTER")),
	"gtptwo":   gtp("\x34\xff\x00\x20\x00\x00\x00\x01\x00\x00\x00\x85\x01\x00\x01\x85", inner("\x80\x08\x00\x01")),
}

func gtp(header, rest string) frame {
	return frame{src: "10.9.0.1", dst: "10.9.0.2", proto: protoUDP, sport: 2152, dport: 2152, payload: header + rest}
}

// inner is a user's UDP datagram over IPv6.
func inner(payload string) string {
	return string(frame{src: "2001:db8::1", dst: "2001:db8::2", proto: protoUDP, sport: 6000, dport: 6001, payload: payload}.bytes()[14:])
}
