package network

// Layer is a kind of header that Walker.Seen is told of.
type Layer uint8

// The layers, with what the bytes given to Walker.Seen are.
const (
	LayerEthernet Layer = iota // the 14 bytes of the header
	LayerCooked                // a Linux cooked header
	LayerCooked2               // a Linux cooked header, version 2
	LayerDot11                 // an 802.11 header with its three or four addresses
	LayerHardware              // what a link header says of a machine or its place, and nothing else
	LayerIPv4                  // header and payload, as long as the header says
	LayerIPv6                  // the same; extension headers belong to the payload
	LayerUDP                   // header and payload
	LayerTCP                   // header and payload
	LayerSCTP                  // common header and chunks
	LayerGRE                   // header and payload
	LayerESP                   // from the SPI to the integrity check value
	LayerAH                    // the header and what it protects
	LayerHEP                   // HEP version 1 or 2 with its payload
	LayerHEP3                  // HEP version 3 with its payload
	LayerUpperPDU              // the tags of an exported PDU and the PDU
)

// seen tells Seen of a header.
func (w *Walker) seen(l Layer, b []byte) {
	if w.Seen != nil {
		w.Seen(l, b)
	}
}
