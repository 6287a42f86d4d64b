package fact

import (
	"strings"
	"testing"

	"imscope/decode"
	"imscope/decode/diameter"
)

// usual are messages as a phone and its registrar exchange them all day.
var usual = []string{plain(wireRegistered), wireSubscribed, wireAccepted, plain(wireNotified),
	"REGISTER sip:home1.net SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKa\nFrom: <sip:alice@home1.net>;tag=f\nTo: <sip:alice@home1.net>\n" +
		"Call-ID: r1\nCSeq: 2 REGISTER\nContact: <sip:alice@10.0.0.1:5060>;+sip.instance=\"<urn:gsma:imei:35000001-000001-0>\";expires=600000\n" +
		"Authorization: Digest username=\"alice@home1.net\", realm=\"home1.net\", nonce=\"n\", uri=\"sip:home1.net\", response=\"00\", integrity-protected=\"yes\"\n" +
		"Path: <sip:p@pcscf;lr>\nP-Visited-Network-ID: \"visited\"\nSupported: path\nUser-Agent: phone/1\nP-Access-Network-Info: 3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=001\nExpires: 1800\n\n"}

// plain takes out what has to be changed before it compares, which costs an allocation.
func plain(text string) string {
	return strings.NewReplacer("tel:+1-555-0001", "tel:+15550001", "Terminated;reason=Deactivated", "terminated;reason=deactivated", "k: gruu\n", "", "&amp;", "-",
		";x=&lt;y&gt;", "").Replace(text)
}

// TestAllocations: what is done for every message allocates nothing once it has its room: a draft, its entry in a log
// but for a page now and then, and the exchange that is made of it.
func TestAllocations(t *testing.T) {
	e, log, room, last := NewExtractor(), &Log{}, &Room{}, &Last{}
	for _, text := range usual {
		m := parsed(t, text)
		rec := &decode.Record{Frame: 1, Frames: []uint32{1}, SIP: m}
		var draft any
		if n := testing.AllocsPerRun(100, func() {
			draft = e.reader.Digest(m, draft)
			e.reader.seen = recent{}
		}); n != 0 {
			t.Errorf("a draft: %v allocations\n%s", n, text)
		}
		d := draft.(*Draft)
		var c Chain
		if n := testing.AllocsPerRun(100, func() {
			c = Chain{}
			s := State{}
			h := e.Hop(rec, d.Top, d.Vias)
			head, body, list := e.Request(&s, d, rec, &h, NewHop)
			if !m.IsRequest {
				e.Base(d, m)
				head, body, list = e.Response(&s, d, rec, &h, true, true)
			}
			log.AddShared(&c, last, head, body, list)
		}); n != 0 {
			t.Errorf("an entry: %v allocations\n%s", n, text)
		}
		if n := testing.AllocsPerRun(100, func() {
			room.Reset()
			log.Exchange(c.Head, e.Words, room)
		}); n != 0 {
			t.Errorf("an exchange: %v allocations\n%s", n, text)
		}
	}
}

// BenchmarkDigest is what a worker does for a message that was parsed.
func BenchmarkDigest(b *testing.B) {
	e := NewExtractor()
	for _, text := range usual {
		m := parsed(b, text)
		b.Run(string(m.StartLine()[:8]), func(b *testing.B) {
			b.ReportAllocs()
			var d any
			for b.Loop() {
				e.reader.seen = recent{}
				d = e.reader.Digest(m, d)
			}
		})
	}
}

// BenchmarkExchange makes an exchange of its entries.
func BenchmarkExchange(b *testing.B) {
	e, log, room := NewExtractor(), &Log{}, &Room{}
	for _, text := range usual {
		m := parsed(b, text)
		rec := &decode.Record{Frame: 1, Frames: []uint32{1}, SIP: m}
		d := e.Draft(rec)
		e.Base(d, m)
		h := e.Hop(rec, d.Top, d.Vias)
		var c Chain
		var s State
		head, body, _ := e.Request(&s, d, rec, &h, NewHop)
		if !m.IsRequest {
			e.Read(d, m)
			head, body, _ = e.Response(&s, d, rec, &h, true, true)
		}
		log.Add(&c, head, body, 0)
		b.Run(string(m.StartLine()[:8]), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				room.Reset()
				log.Exchange(c.Head, e.Words, room)
			}
		})
	}
}

// TestAllocationsCx is TestAllocations for Cx.
func TestAllocationsCx(t *testing.T) {
	e, log, room := NewExtractor(), &Log{}, &Room{}
	for _, set := range cxWire("sip:alice@home1.net", "tel:+15550001") {
		for _, b := range set {
			var m diameter.Message
			if err := m.Parse(b.Message()); err != nil {
				t.Fatal(err)
			}
			want := 0.
			if m.Command == diameter.CmdMAR && !m.Request {
				want = 2 // for the nonce as base64
			}
			rec := &decode.Record{Frame: 1, Frames: []uint32{1}, Diameter: &m}
			var c Chain
			if n := testing.AllocsPerRun(100, func() {
				c = Chain{}
				h := e.Hop(rec, 0, 0)
				e.CxParse(&m)
				head, body := e.CxEntry(rec, &h, true, true)
				log.Add(&c, head, body, 0)
			}); n > want {
				t.Errorf("an entry of %s: %v allocations", m.Name(), n)
			}
			if n := testing.AllocsPerRun(100, func() {
				room.Reset()
				log.Transaction(c.Head, e.Words, room)
			}); n != 0 {
				t.Errorf("a transaction of %s: %v allocations", m.Name(), n)
			}
		}
	}
}
