package network

import "strconv"

// Reason is a class of undecodable packets. Reasons are compared by address.
type Reason struct {
	// ID is stable. If it ends in a blank, the packet's Detail belongs to it.
	ID string
	// Title is one line for people.
	Title string
}

// Name returns the stable name of the reason, with the detail where it belongs to it: "unknown link type 147".
func (r *Reason) Name(detail uint32) string {
	if r.ID[len(r.ID)-1] == ' ' {
		return r.ID + strconv.FormatUint(uint64(detail), 10)
	}
	return r.ID
}

// The reasons for which a packet counts as undecodable.
var (
	ReasonLinkType      = &Reason{"unknown link type ", "the capture's link type is not known"}
	ReasonLinkTruncated = &Reason{"link-truncated", "the capture ends inside the link header"}
	ReasonLinkHeader    = &Reason{"link-header", "the link header contradicts itself"}
	ReasonIPTruncated   = &Reason{"ip-truncated", "the capture ends inside the IP header"}
	ReasonIPHeader      = &Reason{"ip-header", "the IP header contradicts itself"}
	ReasonIPExtensions  = &Reason{"ip-extensions", "too many IPv6 extension headers"}
	ReasonIPFragment    = &Reason{"ip-fragment", "an IP fragment that no datagram can have"}
	ReasonIncomplete    = &Reason{"ip-incomplete", "fragments of a datagram that never became complete"}
	ReasonUDPTruncated  = &Reason{"udp-truncated", "the capture or the datagram ends inside the UDP header"}
	ReasonPayload       = &Reason{"payload-truncated", "the capture cut the payload before it can be told what it is"}
	ReasonTCPHeader     = &Reason{"tcp-header", "the TCP header is cut or contradicts itself"}
	ReasonSCTPHeader    = &Reason{"sctp-header", "the SCTP header or a chunk is cut or contradicts itself"}
	ReasonTooDeep       = &Reason{"tunnel-too-deep", "too many tunnels inside each other"}
	ReasonTunnelHeader  = &Reason{"tunnel-header", "a tunnel header is cut or contradicts itself"}
	ReasonEncrypted     = &Reason{"esp-encrypted", "ESP that is encrypted"}
	ReasonMACsec        = &Reason{"macsec", "MACsec"}
	ReasonWLANProtected = &Reason{"wlan-protected", "encrypted 802.11 data"}
	ReasonWLANFragment  = &Reason{"wlan-fragment", "a fragment of an 802.11 frame"}
	ReasonHEP           = &Reason{"hep-damaged", "a HEP packet that contradicts itself"}
	ReasonPDUTags       = &Reason{"exported-pdu", "an exported PDU without a readable protocol"}
)
