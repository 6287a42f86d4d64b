package network

// Class says what a packet is that carries no signalling.
type Class uint8

const (
	ClassUnknown   Class = iota
	ClassUDP             // UDP with a payload that is no signalling: media, DNS, …
	ClassTCP             // TCP without payload: handshake, acknowledgement, end
	ClassTCPData         // TCP payload that is no signalling
	ClassTLS             // TLS records
	ClassSCTP            // SCTP without a signalling payload
	ClassKeepAlive       // CRLF, zero bytes, "jaK", NAT keep-alives, TCP keep-alive probes
	ClassSTUN            // STUN
	ClassSigComp         // SIP compressed by SigComp, which is not read
	ClassICMP            // ICMP and ICMPv6, also errors that quote SIP
	ClassARP             // ARP
	ClassIP              // another IP protocol
	ClassLink            // another ethertype, 802.2 protocol or PPP protocol
	ClassWLAN            // 802.11 management and control frames
	ClassGTP             // GTP-U other than user data
	ClassIKE             // IKE on the NAT traversal port
	ClassHEP             // HEP with another payload than SIP or Diameter
	ClassWebSocket       // WebSocket handshakes and control frames
	ClassCopy            // fragments of a datagram that was complete without them, captured twice
	classCount
)

// Classes is the number of classes.
const Classes = int(classCount)

var classNames = [Classes]string{
	"unknown", "udp", "tcp-control", "tcp-data", "tls", "sctp", "keep-alive", "stun", "sigcomp", "icmp", "arp",
	"ip-protocol", "link-protocol", "wlan", "gtp-control", "ike", "hep", "websocket", "duplicate-fragment",
}

func (c Class) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return classNames[ClassUnknown]
}
