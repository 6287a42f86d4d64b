package capture

import (
	"testing"

	"github.com/google/gopacket/layers"
)

func TestLinkTypeString(t *testing.T) {
	for l, want := range map[LinkType]string{
		0: "null", 1: "ethernet", 12: "raw", 14: "raw", 101: "raw", 113: "linux_sll", 147: "user0", 162: "user15",
		163: "link type 163", 228: "ipv4", 229: "ipv6", 239: "nflog", 252: "wireshark_upper_pdu", 276: "linux_sll2",
		65535: "link type 65535",
	} {
		if l.String() != want {
			t.Errorf("%d is %q, want %q", uint16(l), l, want)
		}
	}
}

// Numbers are easily mistyped: gopacket's are written by others.
func TestLinkTypesAgainstGopacket(t *testing.T) {
	for ours, theirs := range map[LinkType]layers.LinkType{
		LinkNull: layers.LinkTypeNull, LinkEthernet: layers.LinkTypeEthernet, LinkPPP: layers.LinkTypePPP,
		LinkPPPHDLC: layers.LinkTypePPP_HDLC, LinkPPPEther: layers.LinkTypePPPEthernet, LinkRaw: layers.LinkTypeRaw,
		LinkCHDLC: layers.LinkTypeC_HDLC, LinkIEEE80211: layers.LinkTypeIEEE802_11, LinkFrameRelay: layers.LinkTypeFRelay,
		LinkLoop: layers.LinkTypeLoop, LinkLinuxSLL: layers.LinkTypeLinuxSLL, LinkRadiotap: layers.LinkTypeIEEE80211Radio,
		LinkMTP2Phdr: layers.LinkTypeMTP2Phdr, LinkMTP2: layers.LinkTypeMTP2, LinkMTP3: layers.LinkTypeMTP3,
		LinkSCCP: layers.LinkTypeSCCP, LinkDOCSIS: layers.LinkTypeDOCSIS, LinkIPv4: layers.LinkTypeIPv4,
		LinkIPv6: layers.LinkTypeIPv6,
	} {
		if uint16(ours) != uint16(theirs) {
			t.Errorf("%d is %d, %v", uint16(ours), uint16(theirs), theirs)
		}
	}
}

func TestCodes(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Codes {
		if seen[c.ID] || c.ID == "" || c.Title == "" {
			t.Errorf("code %+v", c)
		}
		seen[c.ID] = true
	}
	if len(seen) != 12 {
		t.Errorf("%d codes", len(seen))
	}
}

func TestErrorPlace(t *testing.T) {
	for want, e := range map[string]*Error{
		"a.pcap: frame 12 at offset 3456: empty file": {Path: "a.pcap", Offset: 3456, Frame: 12, Err: ErrEmpty},
		"a.pcap: offset 3456: empty file":             {Path: "a.pcap", Offset: 3456, Err: ErrEmpty},
		"a.pcap: frame 12: empty file":                {Path: "a.pcap", Frame: 12, Err: ErrEmpty},
		"a.pcap: empty file":                          {Path: "a.pcap", Err: ErrEmpty},
	} {
		if e.Error() != want {
			t.Errorf("got %q, want %q", e, want)
		}
	}
}
