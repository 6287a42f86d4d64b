package capture

import (
	"encoding/binary"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestInterfacesOfAllSections(t *testing.T) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		f := newNgFile(order)
		f.iface(1, 65535, ngOption{optName, []byte("eth0")}, ngOption{optAbout, []byte("towards the P-CSCF")})
		f.iface(113, 0, ngOption{optTsResol, []byte{9}}, ngOption{optName, []byte(strings.Repeat("n", 300))})
		f.epb(1, 1e9, 4, 4, "abcd")
		f.section(order)
		f.iface(276, 96)
		f.epb(0, 1e6, 4, 4, "efgh")
		list, fi, err := readAll(t, f.Bytes())
		if err != nil || len(list) != 2 {
			t.Fatal(list, err)
		}
		want := []Interface{
			{Name: "eth0", Description: "towards the P-CSCF", Link: LinkEthernet, SnapLen: 65535, Resolution: microseconds},
			{Name: strings.Repeat("n", maxInterfaceText), Link: LinkLinuxSLL, Resolution: nanoseconds},
			{Link: LinkLinuxSLL2, SnapLen: 96, Resolution: microseconds},
		}
		if !reflect.DeepEqual(fi.Interfaces, want) {
			t.Errorf("interfaces %+v, want %+v", fi.Interfaces, want)
		}
		if list[0].Iface != 1 || list[1].Iface != 2 {
			t.Errorf("packets of interfaces %d and %d, want 1 and 2", list[0].Iface, list[1].Iface)
		}
	}
}

func TestInterfaceOfPcap(t *testing.T) {
	for magic, unit := range map[uint32]uint8{magicMicro: microseconds, magicNano: nanoseconds} {
		f := newPcapFile(binary.BigEndian, magic, 1500, 113)
		f.record(1, 2, 4, 4, "abcd")
		_, fi, err := readAll(t, f.Bytes())
		if err != nil || !reflect.DeepEqual(fi.Interfaces, []Interface{{Link: LinkLinuxSLL, SnapLen: 1500, Resolution: unit}}) {
			t.Errorf("interfaces %+v, error %v", fi.Interfaces, err)
		}
	}
}

func TestSpan(t *testing.T) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		time := func(seconds uint64) []byte {
			us := seconds * 1e6
			return order.AppendUint32(order.AppendUint32(nil, uint32(us>>32)), uint32(us))
		}
		statistics := func(f *ngFile, id uint32, began, ended uint64) {
			body := order.AppendUint32(nil, id)
			body = append(body, time(ended)...)
			body = append(order.AppendUint16(order.AppendUint16(body, 2), 8), time(began)...)
			body = append(order.AppendUint16(order.AppendUint16(body, 3), 8), time(ended)...)
			f.block(5, append(body, 0, 0, 0, 0))
		}
		const second = nanosecond
		for _, c := range []struct {
			name         string
			id           uint32
			began, ended uint64
			from, to     int64
		}{
			{"longer than the packets", 0, 990, 1100, 990 * second, 1100 * second},
			{"within the packets", 0, 1001, 1001, 1000 * second, 1002 * second},
			{"nothing said", 0, 0, 0, 1000 * second, 1002 * second},
			{"not of this century", 0, 5, 4e9, 1000 * second, 1002 * second},
			{"of no interface", 7, 990, 1100, 1000 * second, 1002 * second},
		} {
			f := newNgFile(order)
			f.iface(1, 0)
			f.epb(0, 1000e6, 1, 1, "a")
			f.epb(0, 1002e6, 1, 1, "b")
			statistics(f, c.id, c.began, c.ended)
			_, fi, err := readAll(t, f.Bytes())
			from, to, ok := fi.Span()
			if err != nil || !ok || from != c.from || to != c.to || fi.FirstTime != 1000*second || fi.LastTime != 1002*second || len(fi.Warnings) > 0 {
				t.Errorf("%s: %d to %d, want %d to %d; %+v %v", c.name, from, to, c.from, c.to, fi, err)
			}
		}
	}
}

// Statistics of several times are several times.
func TestCovers(t *testing.T) {
	order := binary.LittleEndian
	f := newNgFile(order)
	f.iface(1, 0)
	f.epb(0, 1000e6, 1, 1, "a")
	f.epb(0, 2000e6, 1, 1, "b")
	for _, span := range [][2]uint64{{1990, 2100}, {999, 1010}, {1005, 1020}, {5, 4e9}} {
		body := order.AppendUint32(nil, 0)
		body = append(body, make([]byte, 8)...)
		for i, s := range span {
			body = order.AppendUint16(order.AppendUint16(body, uint16(2+i)), 8)
			body = order.AppendUint32(order.AppendUint32(body, uint32(s*1e6>>32)), uint32(s*1e6))
		}
		f.block(5, append(body, 0, 0, 0, 0))
	}
	_, fi, err := readAll(t, f.Bytes())
	const s = nanosecond
	if want := []Cover{{999 * s, 1020 * s}, {1990 * s, 2100 * s}}; err != nil || !slices.Equal(fi.Covers(), want) {
		t.Errorf("%v, want %v; %v", fi.Covers(), want, err)
	}
}
