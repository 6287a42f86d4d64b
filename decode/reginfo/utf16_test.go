package reginfo

import (
	"encoding/binary"
	"slices"
	"testing"
	"unicode/utf16"

	"imscope/decode/problem"
)

// wide writes text in UTF-16, without a mark.
func wide(s string, order binary.AppendByteOrder) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

func TestUTF16(t *testing.T) {
	text := root + reg + con + "<uri>sip:ü😀@b</uri></contact>" + tail
	var want Document
	if err := want.Parse([]byte(text)); err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string]string{
		"little endian": "\xff\xfe" + wide(text, binary.LittleEndian), "big endian": "\xfe\xff" + wide(text, binary.BigEndian),
		"without a mark": wide(text, binary.LittleEndian), "big endian without a mark": wide(text, binary.BigEndian),
	} {
		var d Document
		if err := d.Parse([]byte(raw)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := string(d.AppendXML(nil)); got != string(want.AppendXML(nil)) {
			t.Errorf("%s: %s", name, got)
		}
		if !slices.ContainsFunc(d.Problems, func(p problem.Problem) bool { return p.Code == ProbEncoding }) {
			t.Errorf("%s: no problem", name)
		}
	}
}
