package diameter

import (
	"bytes"
	"reflect"
	"slices"
	"testing"
)

func seeds(f *testing.F) [][]byte {
	return [][]byte{
		unhex(f, rtrHex), unhex(f, maaHex), unhex(f, uaaHex), unhex(f, sarHex), saa(f),
		raw(0, 0, 0, 1, 0x40, 0, 0, 9, 'x', 0, 0, 1, 8, 0x40, 0, 0, 11, 'a', 'b', 'c'),
		NewRequest(257, 0, 1, 2).Message(),
	}
}

// flat is an AVP without borrowed memory and without its place.
type flat struct {
	code, vendor uint32
	flags        uint8
	data         string
}

func flatten(m *Message) []flat {
	var fs []flat
	for a := range m.AVPs() {
		fs = append(fs, flat{a.Code, a.Vendor, a.Flags, string(a.Data)})
	}
	return fs
}

// Whatever comes in: nothing panics, everything reported lies inside the input, the same input gives
// the same result, and what was read can be written and read again.
func FuzzParse(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
		f.Add(s[:len(s)/2])
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var m Message
		var c Cx
		if m.Parse(in) != nil {
			return
		}
		c.Parse(&m)
		var x Rx
		if x.Parse(&m); x.Framed.IsValid() && x.Framed != x.Framed.Masked() {
			t.Fatalf("prefix %v has bits behind its length", x.Framed)
		}
		for _, p := range slices.Concat(m.Problems, c.Problems) {
			if p.Code == nil || p.Span.In(in) == nil {
				t.Fatalf("span %+v of %v outside %d bytes", p.Span, p.Code, len(in))
			}
		}
		check := func(a AVP) {
			if a.Off < HeaderLen || a.Off+a.Len > len(m.Raw) || a.Len < len(a.Data)+avpHeader {
				t.Fatalf("AVP %d at %d, %d bytes, data %d", a.Code, a.Off, a.Len, len(a.Data))
			}
			if !bytes.Equal(m.Raw[a.Off+a.Len-len(a.Data):a.Off+a.Len], a.Data) {
				t.Fatalf("AVP %d: place does not fit its data", a.Code)
			}
		}
		for a := range m.AVPs() {
			check(a)
			for in := range a.AVPs() {
				check(in)
			}
		}

		// A view that was used for something else before must come out the same.
		var m2 Message
		var c2 Cx
		_ = m2.Parse(unhex(t, rtrHex))
		c2.Parse(&m2)
		if err := m2.Parse(in); err != nil {
			t.Fatal(err)
		}
		c2.Parse(&m2)
		c.scratch, c2.scratch = nil, nil
		if !same(&c, &c2) || !slices.Equal(m.Problems, m2.Problems) {
			t.Fatalf("second parse differs:\n%+v\n%+v", c, c2)
		}

		b := NewRequest(m.Command, m.AppID, m.HopByHop, m.EndToEnd)
		b.SetFlags(in[4])
		for a := range m.AVPs() {
			vendor := a.Vendor
			if a.Flags&AVPVendor == 0 { // it came without
				vendor = 0
			}
			b.Bytes(a.Code, vendor, a.Flags, a.Data)
		}
		var again Message
		out := b.Message()
		if len(out) > maxMessage {
			return // unpadded AVPs of a message at the limit grow
		}
		if err := again.Parse(out); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(flatten(&m), flatten(&again)) || again.Name() != m.Name() || again.HopByHop != m.HopByHop {
			t.Fatalf("printed message differs:\n%x\n%x", in, out)
		}
	})
}

// same compares two views; empty and nil lists are the same.
func same(a, b *Cx) bool {
	norm := func(c Cx) Cx {
		if len(c.PublicIdentities) == 0 {
			c.PublicIdentities = nil
		}
		if len(c.AssociatedIdentities) == 0 {
			c.AssociatedIdentities = nil
		}
		if len(c.Identities) == 0 {
			c.Identities = nil
		}
		if len(c.Problems) == 0 {
			c.Problems = nil
		}
		return c
	}
	return reflect.DeepEqual(norm(*a), norm(*b))
}

// A stream cut anywhere gives the messages of the whole stream; what Resync finds is a start.
func FuzzFrame(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s, 13)
		f.Add(append([]byte{1, 2, 3}, s...), 25)
	}
	f.Fuzz(func(t *testing.T, in []byte, cut int) {
		n, need, err := Frame(in)
		switch {
		case n < 0 || n > len(in) || need < 0 || n > 0 && need > 0 || n == 0 && need == 0 && err == nil:
			t.Fatalf("got %d, %d, %v", n, need, err)
		case err != nil && IsStart(in):
			t.Fatal("a start that cannot be framed")
		}
		if n > 0 {
			var m Message
			if err := m.Parse(in[:n]); err != nil || len(m.Raw) != n {
				t.Fatalf("framed message does not parse: %v", err)
			}
			if cut = min(max(cut, 0), n-1); cut < n {
				if n1, need1, err := Frame(in[:cut]); n1 != 0 || err != nil || need1 > n-cut {
					t.Fatalf("cut at %d of %d: got %d, %d, %v", cut, n, n1, need1, err)
				}
			}
		}
		if off := Resync(in); off >= 0 {
			if !IsStart(in[off:]) {
				t.Fatalf("no start at %d", off)
			}
		}
	})
}
