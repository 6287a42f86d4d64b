package network

import (
	"testing"

	"github.com/google/gopacket/layers"
)

// Numbers are easily mistyped: gopacket's are written by others.
func TestNumbersAgainstGopacket(t *testing.T) {
	for ours, theirs := range map[etherType]layers.EthernetType{
		etherIPv4: layers.EthernetTypeIPv4, etherARP: layers.EthernetTypeARP, etherIPv6: layers.EthernetTypeIPv6,
		etherBridging: layers.EthernetTypeTransparentEthernetBridging, etherDot1Q: layers.EthernetTypeDot1Q,
		etherPPP: layers.EthernetTypePPP, etherMPLSUnicast: layers.EthernetTypeMPLSUnicast,
		etherMPLSMulticast: layers.EthernetTypeMPLSMulticast, etherPPPoESession: layers.EthernetTypePPPoESession,
		etherQinQ: layers.EthernetTypeQinQ, etherERSPAN: layers.EthernetTypeERSPAN,
	} {
		if uint16(ours) != uint16(theirs) {
			t.Errorf("%#04x is %#04x, %v", uint16(ours), uint16(theirs), theirs)
		}
	}
	for ours, theirs := range map[ipProtocol]layers.IPProtocol{
		ipIPv6HopByHop: layers.IPProtocolIPv6HopByHop, ipICMPv4: layers.IPProtocolICMPv4, ipIPv4: layers.IPProtocolIPv4,
		ipTCP: layers.IPProtocolTCP, ipUDP: layers.IPProtocolUDP, ipIPv6: layers.IPProtocolIPv6,
		ipIPv6Routing: layers.IPProtocolIPv6Routing, ipIPv6Fragment: layers.IPProtocolIPv6Fragment,
		ipGRE: layers.IPProtocolGRE, ipESP: layers.IPProtocolESP, ipAH: layers.IPProtocolAH,
		ipICMPv6: layers.IPProtocolICMPv6, ipNoNextHeader: layers.IPProtocolNoNextHeader,
		ipIPv6Destination: layers.IPProtocolIPv6Destination, ipEtherIP: layers.IPProtocolEtherIP,
		ipSCTP: layers.IPProtocolSCTP, ipMPLSInIP: layers.IPProtocolMPLSInIP,
	} {
		if uint8(ours) != uint8(theirs) {
			t.Errorf("%d is %d, %v", ours, uint8(theirs), theirs)
		}
	}
	for ours, theirs := range map[pppType]layers.PPPType{
		pppIPv4: layers.PPPTypeIPv4, pppIPv6: layers.PPPTypeIPv6,
		pppMPLSUnicast: layers.PPPTypeMPLSUnicast, pppMPLSMulticast: layers.PPPTypeMPLSMulticast,
	} {
		if uint16(ours) != uint16(theirs) {
			t.Errorf("%#04x is %#04x, %v", uint16(ours), uint16(theirs), theirs)
		}
	}
}
