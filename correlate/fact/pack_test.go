package fact

import (
	"math/rand/v2"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"imscope/decode"
	"imscope/decode/problem"
	"imscope/decode/sip"
)

const (
	wireRegister = "REGISTER sip:home1.net SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKa\nFrom: <sip:alice@home1.net>;tag=f\nTo: <sip:alice@home1.net>\n" +
		"Call-ID: r1\nCSeq: 2 REGISTER\nContact: <sip:alice@10.0.0.1:5060>;+sip.instance=\"<urn:gsma:imei:35000001-000001-0>\";reg-id=1;q=0.5;expires=600000, <sip:b@[5555::1]:1357>;pub-gruu=\"sip:x\"\n" +
		"Authorization: Digest username=\"alice@home1.net\", realm=\"home1.net\", nonce=\"n\", uri=\"sip:home1.net\", response=\"00\", integrity-protected=\"yes\", auts=\"x\"\n" +
		"Security-Client: ipsec-3gpp; alg=hmac-sha-1-96; spi-c=1; spi-s=2; port-c=3; port-s=4\nSecurity-Verify: ipsec-3gpp; alg=hmac-sha-1-96; spi-c=5; spi-s=6; port-c=7; port-s=8\n" +
		"Path: <sip:p@pcscf;lr>\nP-Visited-Network-ID: \"visited\"\nSupported: path\nk: gruu\nUser-Agent: phone/1\nP-Access-Network-Info: 3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=001, x\nExpires: 1800\n\n"
	wireRegistered = "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKa\nFrom: <sip:alice@home1.net>;tag=f\nTo: <sip:alice@home1.net>;tag=t\nCall-ID: r1\nCSeq: 2 REGISTER\n" +
		"Contact: <sip:alice@10.0.0.1:5060>;expires=540\nP-Associated-URI: <sip:alice@home1.net>, <tel:+1-555-0001>\nService-Route: <sip:orig@scscf;lr>\nPath: <sip:p@pcscf;lr>\nExpires: 600\n\n"
	wireChallenged401 = "SIP/2.0 401 Unauthorized\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKa\nFrom: <sip:alice@home1.net>;tag=f\nTo: <sip:alice@home1.net>;tag=t\nCall-ID: r1\nCSeq: 2 REGISTER\n" +
		"WWW-Authenticate: Digest realm=\"home1.net\", nonce=\"abc\", algorithm=AKAv1-MD5, stale=true, ck=\"00\", ik=\"11\"\nSecurity-Server: ipsec-3gpp; alg=hmac-sha-1-96; spi-c=9; spi-s=10; port-c=11; port-s=12\n\n"
	wireTooBrief   = "SIP/2.0 423 Interval Too Brief\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKa\nFrom: <sip:alice@home1.net>;tag=f\nTo: <sip:alice@home1.net>;tag=t\nCall-ID: r1\nCSeq: 2 REGISTER\nMin-Expires: 3600\n\n"
	wireRefused    = "SIP/2.0 503 Service Unavailable\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKa\nFrom: <sip:alice@home1.net>;tag=f\nTo: <sip:alice@home1.net>;tag=t\nCall-ID: r1\nCSeq: 2 REGISTER\nRetry-After: 30 (busy)\n\n"
	wireSubscribed = "SUBSCRIBE sip:alice@home1.net SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKs\nFrom: <sip:alice@home1.net>;tag=f\nTo: <sip:alice@home1.net>\nCall-ID: s1\nCSeq: 1 SUBSCRIBE\n" +
		"Event: reg\nExpires: 600\nContact: <sip:alice@10.0.0.1>\nP-Preferred-Identity: <sip:alice@home1.net>\nRoute: <sip:p;lr>, <sip:s;lr>\nP-Charging-Vector: icid-value=\"c1\"\nUser-Agent: phone/1\n\n"
	wireAccepted = "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKs\nFrom: <sip:alice@home1.net>;tag=f\nTo: <sip:alice@home1.net>;tag=n\nCall-ID: s1\nCSeq: 1 SUBSCRIBE\nExpires: 500\nContact: <sip:scscf>\n\n"
	wireNotified = "NOTIFY sip:alice@10.0.0.1 SIP/2.0\nVia: SIP/2.0/UDP scscf;branch=z9hG4bKn\nFrom: <sip:alice@home1.net>;tag=n\nTo: <sip:alice@home1.net>;tag=f\nCall-ID: s1\nCSeq: 7 NOTIFY\n" +
		"Event: reg\nSubscription-State: Terminated;reason=Deactivated;retry-after=3\nContact: <sip:scscf>\nServer: core\nContent-Type: application/reginfo+xml\n\n" +
		`<?xml version="1.0"?><reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="3" state="partial"><registration aor="sip:alice@home1.net" id="a&amp;1" state="active">` +
		`<contact id="c1" state="terminated" event="deactivated" retry-after="5" expires="7" q="0.3" callid="r1" cseq="2"><uri>sip:alice@10.0.0.1:5060;x=&lt;y&gt;</uri><unknown-param name="+sip.instance">"&lt;urn:x&gt;"</unknown-param><unknown-param name="reg-id">1</unknown-param></contact>` +
		`</registration><registration aor="tel:+1-555-0001" id="b" state="terminated"/></reginfo>`
	wireInvite = "INVITE tel:+1 SIP/2.0\nVia: SIP/2.0/UDP h;branch=z9hG4bKi\nFrom: <sip:a@h>;tag=f\nTo: <tel:+1>\nCall-ID: i\nCSeq: 1 INVITE\n\n"
	wireOther  = "FETCH sip:a@h SIP/2.0\nVia: SIP/2.0/UDP h;branch=z9hG4bKi\nFrom: <sip:a@h>;tag=f\nTo: <sip:a@h>\nCall-ID: i\nCSeq: 1 FETCH\n\n"
	wireBroken = "SIP/2.0 299 \nCSeq: 1\n\n"
)

var wire = []string{wireRegister, wireRegistered, wireChallenged401, wireTooBrief, wireRefused, wireSubscribed, wireAccepted, wireNotified, wireInvite, wireOther, wireBroken}

func parsed(t testing.TB, text string) *sip.Message {
	var m sip.Message
	if err := m.Parse([]byte(strings.ReplaceAll(text, "\n", "\r\n"))); err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	return &m
}

// same compares values in which a list that is empty is as good as none.
func same(a, b any) bool { return equal(reflect.ValueOf(a), reflect.ValueOf(b)) }

func equal(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() || a.Type() == reflect.TypeFor[*problem.Code]() {
			return a.IsNil() == b.IsNil() && a.Pointer() == b.Pointer()
		}
		return equal(a.Elem(), b.Elem())
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !equal(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Struct:
		for i := range a.NumField() {
			if !equal(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	}
	return a.Equal(b)
}

// checkPack packs what a message says and reads it again.
func checkPack(t *testing.T, e *Extractor, m *sip.Message) {
	d := e.reader.Digest(m, nil).(*Draft)
	e.Read(d, m)
	u := unpacker{b: d.packed[:d.whole], words: e.Words, room: &Room{}}
	if m.IsRequest {
		var x Exchange
		u.base(&x)
		added := u.onTheWay()
		if !same(x, e.reader.x) || !same(added, e.reader.added) {
			t.Errorf("unpacked %+v %+v\nwant %+v %+v", x, added, e.reader.x, e.reader.added)
		}
	} else {
		var r Reply
		u.reply(&r)
		r.Status = m.Status
		if !same(r, e.reader.said) {
			t.Errorf("unpacked %+v\nwant %+v", r, e.reader.said)
		}
	}
	if u.pos != len(u.b) {
		t.Errorf("%d bytes are left", len(u.b)-u.pos)
	}
}

func TestPack(t *testing.T) {
	e := NewExtractor()
	for _, text := range wire {
		checkPack(t, e, parsed(t, text))
	}
}

func FuzzPack(f *testing.F) {
	for _, text := range wire {
		f.Add([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
	}
	e := NewExtractor()
	f.Fuzz(func(t *testing.T, raw []byte) {
		var m sip.Message
		if m.Parse(raw) == nil {
			checkPack(t, e, &m)
		}
	})
}

// TestLogAndTake: an exchange that is made of its chain in a log is the one that grew entry by entry, in whatever order
// its messages came, and however often.
func TestLogAndTake(t *testing.T) {
	link := [][2]string{{"10.0.0.1:5060", "10.9.0.1:5060"}, {"10.9.0.1:5060", "10.9.0.3:5060"}, {"10.9.0.3:5060", "10.9.0.4:5060"}}
	sets := [][]string{{wireRegister, wireRegistered, wireChallenged401, wireTooBrief, wireRefused}, {wireSubscribed, wireAccepted}, {wireNotified}, {wireInvite}, {wireOther}, {wireBroken}}
	rnd := rand.New(rand.NewPCG(1, 2))
	e, log, room, last := NewExtractor(), &Log{Epoch: 1e9}, &Room{}, &Last{}
	messages, links := map[bool]int{}, map[bool]int{}
	for n := range 400 {
		set := sets[n%len(sets)]
		var whole Exchange
		var chain Chain
		var packed, plain State
		begun, met := false, map[int]bool{}
		for frame := range uint32(1 + rnd.IntN(12)) {
			m := parsed(t, set[rnd.IntN(len(set))])
			if rnd.IntN(3) == 0 {
				m.Problems = append(m.Problems, problem.Problem{Code: decode.ProbOverlap})
			}
			reader := e.NewReader()
			d := reader.Digest(m, nil).(*Draft)
			if rnd.IntN(4) == 0 {
				d = reader.Digest(m, d).(*Draft) // takes it for a copy on the next link
			}
			e.reader.Digest(parsed(t, wire[rnd.IntN(len(wire))]), nil) // the engine's own reader was at another one
			l := link[rnd.IntN(len(link))]
			rec := &decode.Record{Frame: frame + 1, Frames: []uint32{frame + 1}, Time: int64(rnd.Uint32()), SIP: m,
				Src: netip.MustParseAddrPort(l[0]), Dst: netip.MustParseAddrPort(l[1])}
			h := e.Hop(rec, d.Top, d.Vias)
			h.Vias = uint8(rnd.IntN(3))
			earlier := whole.HopsOf(m.IsRequest, m.Status)
			novelty := e.Mark(&h, earlier)
			message, link := plain.First(m.IsRequest, m.Status, &h)
			if message && len(earlier) > 0 || link && novelty != NewHop {
				t.Fatalf("run %d: said to be the first (message %v, link %v), behind %v", n, message, link, earlier)
			}
			messages[message]++
			links[link]++
			if fromLog, _ := log.Hops(chain, m.IsRequest, m.Status, nil); !same(fromLog, whole.HopsOf(m.IsRequest, m.Status)) {
				t.Fatalf("run %d: hops %v, want %v", n, fromLog, whole.HopsOf(m.IsRequest, m.Status))
			}
			if !begun || m.IsRequest && !plain.Asked() {
				e.Base(d, m)
			}
			first := !met[m.Status]
			met[m.Status] = true
			if !m.IsRequest && first {
				e.Read(d, m)
			}
			entry := func(s *State) (head, body []byte, list []Section) {
				if m.IsRequest {
					return e.Request(s, d, rec, &h, novelty)
				}
				return e.Response(s, d, rec, &h, first, !begun)
			}
			e.Epoch = log.Epoch
			head, body, list := entry(&packed)
			e.Epoch = 0
			log.AddShared(&chain, last, head, body, list)
			head, body, _ = entry(&plain)
			whole.Take(slices.Concat(head, body), e.Words, &Room{})
			begun = true
			room.Reset()
			if x := log.Exchange(chain.Head, e.Words, room); !same(*x, whole) {
				t.Fatalf("run %d: of the log\n%+v %+v\nentry by entry\n%+v %+v", n, x, x.Register, whole, whole.Register)
			}
		}
		moved := log.Move(chain, log, 1)
		if x := log.Exchange(moved.Head, e.Words, &Room{}); !same(*x, whole) {
			t.Fatalf("run %d: moved\n%+v\nwant\n%+v", n, x, whole)
		}
	}
	if messages[true] == 0 || messages[false] == 0 || links[true] == 0 || links[false] == 0 {
		t.Errorf("firsts of a message %v, of a link %v", messages, links)
	}
	if last[ofRegister-1].entry == 0 || last[ofDevice-1].entry == 0 || last[ofAnswer-1].entry == 0 || last[ofNotify-1].entry == 0 || last[ofDocument-1].entry == 0 {
		t.Errorf("nothing to share: %v", last)
	}
}

// TestShared: what a phone repeats takes no room again.
func TestShared(t *testing.T) {
	e, log, last := NewExtractor(), &Log{}, &Last{}
	add := func() int {
		var c Chain
		before := 0
		if len(log.pages) > 0 {
			before = log.pages[0].used
		}
		for _, text := range []string{wireRegister, wireRegistered, wireNotified} {
			m := parsed(t, text)
			d := e.reader.Digest(m, nil).(*Draft)
			e.Read(d, m)
			rec := &decode.Record{Frame: 1, Frames: []uint32{1}, SIP: m}
			h := e.Hop(rec, d.Top, d.Vias)
			var s State
			head, body, list := e.Request(&s, d, rec, &h, NewHop)
			if !m.IsRequest {
				head, body, list = e.Response(&s, d, rec, &h, true, false)
			}
			log.AddShared(&c, last, head, body, list)
		}
		return log.pages[0].used - before
	}
	if first, second := add(), add(); second > first/2 {
		t.Errorf("%d bytes, and %d bytes for the same again", first, second)
	}
}

// TestForget: what passes by goes again, page by page, and its room is used again.
func TestForget(t *testing.T) {
	var log Log
	entry := make([]byte, pageSize/3)
	for age := range uint64(100) {
		var c Chain
		log.Add(&c, entry, nil, age)
		log.Forget(age) // all before
	}
	if n := len(log.pages); n > 4 {
		t.Errorf("%d pages", n)
	}
	var c Chain
	if !log.Add(&c, make([]byte, 3*pageSize), nil, 100) || len(log.at(c.Head)) < 3*pageSize {
		t.Error("no room for an entry larger than a page")
	}
}
