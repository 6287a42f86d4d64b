package correlate

import (
	"net/netip"
	"testing"

	"imscope/decode"
	"imscope/decode/diameter"
)

// TestRx: what the PCRF refused is remembered longer than what it granted, and no more than there is room for.
func TestRx(t *testing.T) {
	x := newRx()
	const app = 16777236
	send := func(request bool, n uint32, result uint32) {
		make := diameter.NewAnswer
		if request {
			make = diameter.NewRequest
		}
		b := make(diameter.CmdAAR, app, n, n)
		b.String(diameter.AVPSessionID, 0, 0x40, "session")
		if request {
			b.Bytes(diameter.AVPFramedIPv6Prefix, 0, 0x40, []byte{0, 64, 0x20, 1, 0x0d, 0xb8, 0, 0, byte(n >> 8), byte(n)})
		} else {
			b.U32(diameter.AVPResultCode, 0, 0x40, result)
		}
		var m diameter.Message
		if err := m.Parse(b.Message()); err != nil {
			t.Fatal(err)
		}
		x.take(&decode.Record{Diameter: &m, Frame: n, Time: int64(n)})
	}
	phone := func(n uint32) string {
		return netip.AddrFrom16([16]byte{0x20, 1, 0x0d, 0xb8, 0, 0, byte(n >> 8), byte(n), 15: 1}).String()
	}
	for n := uint32(1); n <= 3*maxRx; n++ {
		send(true, n, 0)
		send(true, n, 0) // on the next link
		switch {
		case n%100 == 0:
			send(false, n, 5012)
		case n%100 != 1:
			send(false, n, 2001)
		}
		send(false, n, 2001) // too late, or on the next link
		if len(x.list) > maxRx || len(x.at) != len(x.list) {
			t.Fatalf("%d of %d requests", len(x.list), len(x.at))
		}
	}
	if r := x.failed(phone(200), 0, 1<<40); r == nil || r.Frame != 200 || r.Answered != 200 || r.String() != "AAA 5012 DIAMETER_UNABLE_TO_COMPLY" {
		t.Errorf("%+v", r)
	}
	for _, c := range []struct {
		phone    string
		from, to int64
	}{{phone(202), 0, 1 << 40}, {phone(200), 201, 300}, {phone(200), 100, 199}, {"", 0, 1 << 40}, {"10.0.0.1", 0, 1 << 40}} {
		if r := x.failed(c.phone, c.from, c.to); r != nil {
			t.Errorf("%+v: %+v", c, r)
		}
	}
}
