package diameter

import (
	"net/netip"
	"testing"
)

func TestRx(t *testing.T) {
	for _, c := range []struct {
		name  string
		build func(*Builder)
		want  Rx
	}{
		{"IPv4", func(b *Builder) { b.Bytes(AVPFramedIPAddress, 0, 0x40, []byte{10, 0, 0, 1}) },
			Rx{Framed: netip.MustParsePrefix("10.0.0.1/32"), ResultCode: -1, ExperimentalResult: -1}},
		{"IPv6", func(b *Builder) {
			b.Bytes(AVPFramedIPv6Prefix, 0, 0x40, []byte{0, 64, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 5})
		}, Rx{Framed: netip.MustParsePrefix("2001:db8:0:5::/64"), ResultCode: -1, ExperimentalResult: -1}},
		{"IPv6, more bytes than bits", func(b *Builder) {
			b.Bytes(AVPFramedIPv6Prefix, 0, 0x40, []byte{0, 32, 0x20, 1, 0x0d, 0xb8, 1, 2, 3, 4})
		}, Rx{Framed: netip.MustParsePrefix("2001:db8::/32"), ResultCode: -1, ExperimentalResult: -1}},
		{"no addresses", func(b *Builder) {
			b.Bytes(AVPFramedIPAddress, 0, 0x40, []byte{10, 0, 0})
			b.Bytes(AVPFramedIPv6Prefix, 0, 0x40, []byte{0, 129, 1})
			b.Bytes(AVPFramedIPv6Prefix, 0, 0x40, []byte{0})
			b.Bytes(AVPFramedIPAddress, Vendor3GPP, 0xc0, []byte{10, 0, 0, 1})
		}, Rx{ResultCode: -1, ExperimentalResult: -1}},
		{"refused", func(b *Builder) {
			b.Group(AVPExperimentalResult, 0, 0x40, func(b *Builder) {
				b.U32(AVPVendorID, 0, 0x40, Vendor3GPP)
				b.U32(AVPExperimentalResultCode, 0, 0x40, 5065)
			})
		}, Rx{ResultCode: -1, ExperimentalResult: 5065}},
		{"granted", func(b *Builder) { b.U32(AVPResultCode, 0, 0x40, 2001) }, Rx{ResultCode: 2001, ExperimentalResult: -1}},
	} {
		b := NewRequest(CmdAAR, appRx, 1, 1)
		c.build(b)
		var m Message
		if err := m.Parse(b.Message()); err != nil {
			t.Fatal(err)
		}
		var got Rx
		got.Parse(&m)
		if m.Name() != "AAR" || !m.IsRx() || got.Framed != c.want.Framed || got.ResultCode != c.want.ResultCode || got.ExperimentalResult != c.want.ExperimentalResult {
			t.Errorf("%s: %s %+v, want %+v", c.name, m.Name(), got, c.want)
		}
	}
}
