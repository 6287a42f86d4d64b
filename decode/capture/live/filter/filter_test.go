package filter

import (
	"math/rand"
	"net/netip"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/net/bpf"
)

func TestCompile(t *testing.T) {
	for _, c := range []struct{ expression, keeps string }{
		{"udp", "sip4 sip6 udp4opt vlan qinq first4 later4 later6 first6 rtp4 rtp6 sigcomp natt hep hep2 gtpsip gtprtp gtpseq gtpn3 gtpn3sip gtptwo"},
		{"tcp", "tcp4 tcp6opt"},
		{"port 5060", "sip4 sip6 tcp4 vlan qinq first4 first6 rtp6 sigcomp"},
		{"udp port 5060 or tcp port 5060", "sip4 sip6 tcp4 vlan qinq first4 first6 rtp6 sigcomp"},
		{"udp dst port 5060", "sip6 vlan qinq first4 first6 rtp6 sigcomp"},
		{"src port 5060 and not vlan", "sip4 first4 first6"},
		{"src or dst port 22", "tcp6opt"},
		{"src and dst port 5060", "vlan qinq first4 first6"},
		{"portrange 5061-5070", "udp4opt"},
		{"port sip or diameter", "sip4 sip6 tcp4 vlan qinq first4 first6 rtp6 sigcomp sctp"},
		{"port 22 or 5065", "tcp6opt udp4opt"},
		{"host 192.168.1.9", "udp4opt"},
		{"dst host 192.168.1.9", ""},
		{"src net 192.168.0.0/16", "udp4opt"},
		{"net 192.168", "udp4opt"},
		{"net 192.168.0.0 mask 255.255.0.0", "udp4opt"},
		{"host 2001:db8::1 and tcp", "tcp6opt"},
		{"ip6 net 2001:db8:1::/48 and dst port 5060 and less 110", "sip6 rtp6 qinq first6"},
		{"ip6 and sctp", ""},
		{"sctp or esp", "sctp esp"},
		{"proto 50", "esp"},
		{"ip proto 50 or ip6 proto 50", "esp"},
		{"vlan 10", "vlan qinq"},
		{"vlan 20", ""},
		{"arp or mpls", "arp mpls"},
		{"ether proto 0x8847", "mpls"},
		{"ip[6:2] & 0x1fff != 0", "later4"},
		{"ip6[6] = 44", "later6"},
		{"(ip6[6] = 44 or ip6[6] = 0) and not tcp", "later6 first6"},
		{"tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 and port 5060", "tcp4"},
		{"udp[8:4] = 0x4e4f5449", "udp4opt vlan qinq first4"}, // NOTI
		{"(ip[0] & 0xf) * 4 > 20", "udp4opt"},
		{"!(ip or ip6) && !arp", "mpls"},
		{FragmentSafe("port 22"), "tcp6opt later4 later6"},
	} {
		f, err := compile(c.expression, ethernetBase)
		if err != nil {
			t.Errorf("%s: %v", c.expression, err)
			continue
		}
		want := map[string]bool{}
		for _, name := range strings.Fields(c.keeps) {
			want[name] = true
		}
		for name, fr := range frames {
			if got := run(t, f.Program, fr.bytes()); got != want[name] {
				t.Errorf("%s: keeps %s: %t", c.expression, name, got)
			}
		}
		if _, err := Compile(c.expression); err != nil {
			t.Errorf("%s for the kernel: %v", c.expression, err)
		}
	}
}

func TestDefault(t *testing.T) {
	p, err := defaultProgram(ethernetBase)
	if err != nil {
		t.Fatal(err)
	}
	drops := map[string]bool{"rtp4": true, "rtp6": true, "icmp": true, "arp": true, "gtprtp": true, "gtpseq": true, "gtpn3": true}
	for name, f := range frames {
		if got := run(t, p, f.bytes()); got == drops[name] {
			t.Errorf("keeps %s: %t", name, got)
		}
	}
	if n := len(Default()); n > 300 {
		t.Errorf("%d instructions", n)
	}
}

func TestLosesFragments(t *testing.T) {
	for expression, want := range map[string]bool{
		"port 5060": true, "udp port 5060 or tcp port 5060": true, "host 10.0.0.1 and port 5060": true,
		"udp port 5060 or proto 50": true, "not udp": true, "tcp or sctp": true, "udp[8] = 0x52": true,
		"udp": false, "not port 22": false, "host 10.0.0.1": false, "ip": false, "vlan 10": false,
		"udp port 5060 or (ip[6:2] & 0x1fff != 0)": false, "not (tcp port 22)": false,
		FragmentSafe("port 5060"): false,
	} {
		f, err := Compile(expression)
		if err != nil {
			t.Errorf("%s: %v", expression, err)
		} else if f.LosesFragments != want {
			t.Errorf("%s loses fragments: %t", expression, f.LosesFragments)
		}
	}
}

func TestErrors(t *testing.T) {
	for expression, want := range map[string]string{
		"":                                "empty",
		"port":                            "unknown port at the end",
		"port 70000":                      "too large at \"70000\" (position 6)",
		"prot 5060":                       "unknown word at \"prot\" (position 1)",
		"host pcscf.ims":                  "names are not looked up at \"pcscf.ims\"",
		"udp port 5060 or":                "a condition is missing at the end",
		"(udp":                            "a parenthesis is not closed",
		"udp)":                            "cannot read the filter at \")\"",
		"udp port 5060 tcp":               "cannot read the filter at \"tcp\"",
		"ip[6:3] = 1":                     "a size is 1, 2 or 4",
		"ip[6:2] & 1":                     "a comparison is missing",
		"portrange 5060":                  "a range of ports",
		"ip host ::1":                     "other family",
		"net 10.0.0.0/33":                 "too large",
		"udp \"port\"":                    "unexpected",
		strings.Repeat("(", 1000):         "in each other",
		strings.Repeat("not ", 5000):      "in each other",
		strings.Repeat("udp or ", 5e3):    "too long",
		strings.Repeat("port 1 or ", 9e3): "bytes",
	} {
		_, err := Compile(strings.TrimSuffix(expression, "or "))
		if len(expression) < 1000 {
			_, err = Compile(expression)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v", expression, err)
		}
	}
}

// Programs with jumps over more than 255 instructions.
func TestLong(t *testing.T) {
	var list []string
	for i := range 200 {
		list = append(list, "host 10.7.0."+string(rune('0'+i%10))+" and port "+string(rune('1'+i%9))+"000")
	}
	f, err := compile(strings.Join(list, " or ")+" or host 192.168.1.9", ethernetBase)
	if err != nil {
		t.Fatal(err)
	}
	for name, fr := range frames {
		if got := run(t, f.Program, fr.bytes()); got != (name == "udp4opt") {
			t.Errorf("keeps %s: %t", name, got)
		}
	}
}

func TestForInterfaces(t *testing.T) {
	p, err := ForInterfaces(Default(), []int{3, 4}, 1)
	if err != nil {
		t.Fatal(err)
	}
	// The Go machine cannot load the kernel's data; jumps are checked when a program is disassembled and made anew.
	if ins, ok := bpf.Disassemble(p); !ok {
		t.Error("not disassembled")
	} else if _, err := bpf.Assemble(ins); err != nil {
		t.Error(err)
	}
	if _, err := ForInterfaces(make(Program, maxProgram), []int{1}, 0); err == nil {
		t.Error("a program beyond the kernel's limit was made")
	}
}

func TestReadProgram(t *testing.T) {
	p, err := ReadProgram(strings.NewReader("4\n40 0 0 12\n21 0 1 2048\n6 0 0 262144\n6 0 0 0\n"))
	if err != nil || len(p) != 4 || p[1] != (bpf.RawInstruction{Op: 21, Jt: 0, Jf: 1, K: 2048}) {
		t.Fatalf("%v %v", p, err)
	}
	if !run(t, p, frames["sip4"].bytes()) || run(t, p, frames["sip6"].bytes()) {
		t.Error("the program is another one")
	}
	for _, bad := range []string{"", "x", "0", "5000", "2\n6 0 0 0", "1\n6 0 0", "1\n6 0 0 4294967296", "1\n6 256 0 0", "(000) ldh [12]"} {
		if _, err := ReadProgram(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

// libpcap's own compiler as a second opinion, where tcpdump is installed.
func TestAgainstTcpdump(t *testing.T) {
	if _, err := exec.LookPath("tcpdump"); err != nil {
		t.Skip("tcpdump is not installed")
	}
	for _, expression := range []string{
		"udp", "tcp or udp", "port 5060", "udp port 5060 or tcp port 5060", "portrange 5060-5070", "src portrange 1000-6000",
		"host 10.0.0.1", "host 10.0.0.1 and port 5060", "net 10.0.0.0/24", "dst net 10.0.1.0/30", "dst host 10.0.1.2 or 10.0.1.3",
		"udp and not portrange 5000-6000", "not port 5060", "ip proto 50 or ip6 proto 50", "sctp port 3868",
		"(udp or tcp) and (port 5060 or port 5061) and host 10.0.0.1", "ip[6:2] & 0x1fff != 0", "ip6 host fd00:1::1",
		"ip6 net fd00::/30", "greater 74", "less 73", "ip[2:2] - 10 > 5000", "ether[12:2] = 0x86dd", "udp[0:2] = 5060 and ip",
		"ip[(ip[0] & 0xf) * 4 : 2] >= 3868", "src or dst port 5061", "src and dst port 5060", "icmp or proto 47 or proto 50",
	} {
		out, err := exec.Command("tcpdump", "-y", "EN10MB", "-ddd", expression).Output()
		if err != nil {
			t.Skipf("tcpdump cannot compile here: %v", err)
		}
		want, err := ReadProgram(strings.NewReader(string(out)))
		if err != nil {
			t.Fatal(err)
		}
		f, err := compile(expression, ethernetBase)
		if err != nil {
			t.Error(err)
			continue
		}
		r := rand.New(rand.NewSource(1))
		kept := 0
		for range 3000 {
			b := random(r)
			got := run(t, f.Program, b)
			if got != run(t, want, b) {
				t.Errorf("%s: %t for % x", expression, got, b)
				break
			}
			if got {
				kept++
			}
		}
		if kept == 0 || kept == 3000 {
			t.Errorf("%s kept %d of 3000: says nothing", expression, kept)
		}
	}
}

// random makes a packet without what libpcap handles in another way: VLAN tags, IPv6 extension headers.
func random(r *rand.Rand) []byte {
	ports := []uint16{5060, 5061, 3868, 5065, 2152, 1234}
	protos := []byte{protoUDP, protoTCP, protoSCTP, protoESP, protoICMP, protoGRE}
	f := frame{src: "10.0.0." + string(rune('0'+r.Intn(5))), dst: "10.0.1." + string(rune('0'+r.Intn(5))),
		proto: protos[r.Intn(len(protos))], sport: ports[r.Intn(len(ports))], dport: ports[r.Intn(len(ports))], options: r.Intn(4) == 0}
	if r.Intn(3) == 0 {
		f.src, f.dst, f.options = "fd00:1::"+string(rune('0'+r.Intn(3))), "fd0"+string(rune('0'+r.Intn(9)))+"::9", false
	} else if r.Intn(4) == 0 {
		f.fragment, f.more = uint16(r.Intn(3)), r.Intn(2) == 0
	}
	b := f.bytes()
	if !netip.MustParseAddr(f.src).Is6() {
		r.Read(b[16:18])
	}
	return b[:len(b)-r.Intn(4)]
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{"udp port 5060 or (ip[6:2] & 0x1fff != 0)", "not (host 10.0.0.1 and vlan 3)", "portrange 1-2", "tcp[tcpflags] & (tcp-syn|tcp-ack) = 2", "net 10/8 or 11", "len - 14 > 5"} {
		f.Add(s)
	}
	b := frames["sip4"].bytes()
	f.Fuzz(func(t *testing.T, s string) {
		x, err := compile(s, ethernetBase)
		if err != nil {
			return
		}
		ins, ok := bpf.Disassemble(x.Program)
		if !ok {
			t.Fatalf("%q: not disassembled", s)
		}
		vm, err := bpf.NewVM(ins)
		if err != nil {
			if strings.Contains(err.Error(), "divide by zero") || strings.Contains(err.Error(), "division by zero") {
				return
			}
			t.Fatalf("%q: %v", s, err)
		}
		for n := range len(b) {
			_, _ = vm.Run(b[:n])
		}
	})
}
