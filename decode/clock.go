package decode

import (
	"imscope/decode/capture"
	"imscope/decode/network"
)

// clock is the capture time of the last packet that had one.
type clock int64

// origin says where and when a packet was captured; one without a time counts as captured with the one before it.
func (c *clock) origin(pk *capture.Packet) network.Origin {
	if !pk.NoTime {
		*c = clock(pk.Time)
	}
	return network.Origin{Frame: pk.Frame, File: pk.File, Time: int64(*c)}
}
