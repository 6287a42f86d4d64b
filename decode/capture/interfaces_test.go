package capture

import (
	"encoding/binary"
	"reflect"
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
