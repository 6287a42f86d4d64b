package reginfo

import (
	"encoding/binary"
	"slices"
	"testing"

	"imscope/decode/problem"
)

// Whatever comes in: nothing panics, problems and tags lie inside the input, a Document that was used
// before gives the same as a fresh one, and what was read survives being printed and read again.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		kamailio, seedUser, seedNetwork, root + reg + con + "<uri>a<!-- -->&amp;<![CDATA[b]]></uri></contact>" + tail,
		`<!DOCTYPE r [<!ENTITY a "b">]><r:reginfo xmlns:r="urn:ietf:params:xml:ns:reginfo" version='1' state=full><r:registration aor="sip:a@b id="r" x>` +
			`<w>sip:a!.*!@c</w><contact event="probation" retry-after="9" q=""><uri><sip:1></uri><display-name/><gr:temp-gruu uri="sip:t" cseq="3"/></contact>`,
		"<registration><actions/><wildcardedIdentity>x</wildcardedIdentity><contact>sip:a</registration></contact>",
	} {
		f.Add([]byte(s))
		f.Add([]byte(s[len(s)/3:]))
		f.Add([]byte(s[:len(s)*2/3]))
		f.Add([]byte(wide(s, binary.LittleEndian)))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var fresh, used, again Document
		err := fresh.Parse(raw)
		inside := func(s problem.Span) {
			if uint64(s.Off)+uint64(s.Len) > uint64(len(raw)) {
				t.Fatalf("span %+v outside %d bytes", s, len(raw))
			}
		}
		for _, p := range fresh.Problems {
			if p.Code == nil {
				t.Fatal("problem without code")
			}
			inside(p.Span)
		}
		for _, r := range fresh.Registrations {
			inside(r.Span)
			for _, c := range r.Contacts {
				inside(c.Span)
			}
		}
		if len(fresh.scratch) > max(len(raw), len(fresh.text)) {
			t.Fatalf("%d bytes decoded out of %d", len(fresh.scratch), len(raw))
		}
		_ = used.Parse([]byte(seedUser))
		if err2 := used.Parse(raw); err2 != err || dump(&used) != dump(&fresh) || !slices.Equal(used.Problems, fresh.Problems) {
			t.Fatalf("second parse differs: %v, %v\n%s\n%s", err, err2, dump(&fresh), dump(&used))
		}
		if err != nil {
			return
		}
		printed := fresh.AppendXML(nil)
		if err := again.Parse(printed); err != nil {
			t.Fatalf("%v in\n%s", err, printed)
		}
		if got, want := dump(&again), dump(&fresh); got != want {
			t.Fatalf("printed\n%s\nread\n%s\nwant\n%s", printed, got, want)
		}
		if twice := again.AppendXML(nil); string(twice) != string(printed) {
			t.Fatalf("printed again\n%s\nwant\n%s", twice, printed)
		}
	})
}
