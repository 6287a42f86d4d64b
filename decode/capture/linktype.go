package capture

import "strconv"

// LinkType is the number that says what a frame starts with, as registered by tcpdump.org
// (LINKTYPE_ values). Numbers without a name here are as valid as the others.
type LinkType uint16

// Link types that captured signalling comes in. gopacket's own type has eight bits, too few for SLL2, and its package
// layers fills tables of 6 MB when a program starts; a test holds the numbers against it.
const (
	LinkNull       = LinkType(0)
	LinkEthernet   = LinkType(1)
	LinkPPP        = LinkType(9)
	LinkRawBSD     = LinkType(12) // DLT_RAW of most systems, written as is by some tools
	LinkRawOpenBSD = LinkType(14) // DLT_RAW of OpenBSD
	LinkPPPHDLC    = LinkType(50)
	LinkPPPEther   = LinkType(51)
	LinkRaw        = LinkType(101)
	LinkCHDLC      = LinkType(104)
	LinkIEEE80211  = LinkType(105)
	LinkFrameRelay = LinkType(107)
	LinkLoop       = LinkType(108)
	LinkLinuxSLL   = LinkType(113)
	LinkRadiotap   = LinkType(127)
	LinkMTP2Phdr   = LinkType(139)
	LinkMTP2       = LinkType(140)
	LinkMTP3       = LinkType(141)
	LinkSCCP       = LinkType(142)
	LinkDOCSIS     = LinkType(143)
	LinkUser0      = LinkType(147)
	LinkUser15     = LinkType(162)
	LinkPPI        = LinkType(192)
	LinkLAPD       = LinkType(203)
	LinkIPv4       = LinkType(228)
	LinkIPv6       = LinkType(229)
	LinkNFLOG      = LinkType(239)
	LinkSCTP       = LinkType(248)
	LinkUpperPDU   = LinkType(252) // WIRESHARK_UPPER_PDU, "exported PDU"
	LinkLinuxSLL2  = LinkType(276)
)

// String gives the registered name in lower case, for example "linux_sll2", or "link type 4711".
func (l LinkType) String() string {
	switch l {
	case LinkNull:
		return "null"
	case LinkEthernet:
		return "ethernet"
	case LinkPPP:
		return "ppp"
	case LinkRawBSD, LinkRawOpenBSD, LinkRaw:
		return "raw"
	case LinkPPPHDLC:
		return "ppp_hdlc"
	case LinkPPPEther:
		return "ppp_ether"
	case LinkCHDLC:
		return "c_hdlc"
	case LinkIEEE80211:
		return "ieee802_11"
	case LinkFrameRelay:
		return "frelay"
	case LinkLoop:
		return "loop"
	case LinkLinuxSLL:
		return "linux_sll"
	case LinkRadiotap:
		return "ieee802_11_radiotap"
	case LinkMTP2Phdr:
		return "mtp2_with_phdr"
	case LinkMTP2:
		return "mtp2"
	case LinkMTP3:
		return "mtp3"
	case LinkSCCP:
		return "sccp"
	case LinkDOCSIS:
		return "docsis"
	case LinkPPI:
		return "ppi"
	case LinkLAPD:
		return "lapd"
	case LinkIPv4:
		return "ipv4"
	case LinkIPv6:
		return "ipv6"
	case LinkNFLOG:
		return "nflog"
	case LinkSCTP:
		return "sctp"
	case LinkUpperPDU:
		return "wireshark_upper_pdu"
	case LinkLinuxSLL2:
		return "linux_sll2"
	}
	if l >= LinkUser0 && l <= LinkUser15 {
		return "user" + strconv.Itoa(int(l-LinkUser0))
	}
	return "link type " + strconv.Itoa(int(l))
}
