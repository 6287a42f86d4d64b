package samples

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"imscope/decode"
	"imscope/decode/capture"
	"imscope/decode/reginfo"
	"imscope/decode/sip"
)

// sipMessage is a copy of what the tests need of a record.
type sipMessage struct {
	frame    uint32
	src, dst netip.AddrPort
	raw      []byte
	sip.Message
}

func (m *sipMessage) value(id sip.HeaderID) string { return string(m.First(id)) }

// transaction is the top branch with the CSeq, the same in a response.
func (m *sipMessage) transaction() string {
	via, _ := sip.ParseVia(m.First(sip.HdrVia))
	return string(via.Branch) + " " + m.value(sip.HdrCSeq)
}

// read decodes a sample.
func read(t *testing.T, name string) ([]*sipMessage, *decode.Stats) {
	t.Helper()
	data, err := FS.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	r := capture.NewReader(bytes.NewReader(data), name)
	defer r.Close()
	var out []*sipMessage
	stats, err := decode.Run(context.Background(), r, decode.Options{Check: true}, func(rec *decode.Record) error {
		if rec.SIP == nil {
			return nil
		}
		m := &sipMessage{frame: rec.Frame, src: rec.Src, dst: rec.Dst, raw: bytes.Clone(rec.SIP.Raw)}
		out = append(out, m)
		return m.Parse(m.raw)
	})
	if err != nil {
		t.Fatal(err)
	}
	return out, stats
}

func TestContents(t *testing.T) {
	for _, c := range []struct {
		name                   string
		packets, sip, diameter uint64
	}{
		{"user-initiated.pcapng", 210, 140, 40},
		{"network-initiated.pcapng", 194, 134, 38},
		{"damaged.pcapng", 77, 71, 0},
		{"real/real-two-phones.pcap", 175, 96, 32},
		{"real/real-two-phones.pcapng", 175, 96, 32},
		{"real/real-network-rtr.pcap", 74, 32, 18},
		{"real/real-network-rtr-cooked2.pcap", 38, 26, 0},
		{"real/real-user-initiated-cooked.pcap", 48, 34, 0},
		{"real/real-refresh-expiry.pcap", 124, 48, 38},
		{"real/real-tcp-pieces.pcap", 298, 108, 38},
		{"real/real-presence.pcap", 46, 46, 0},
		{"real/real-presence-deactivated.pcap", 35, 30, 0},
	} {
		_, stats := read(t, c.name)
		if stats.Packets != c.packets || stats.SIPMessages != c.sip || stats.DiameterMessages != c.diameter {
			t.Errorf("%s has %d packets, %d SIP and %d Diameter messages, want %d, %d, %d",
				c.name, stats.Packets, stats.SIPMessages, stats.DiameterMessages, c.packets, c.sip, c.diameter)
		}
		if len(stats.Undecodable) > 0 {
			t.Errorf("%s: undecodable packets: %v", c.name, stats.Undecodable)
		}
	}
}

var flows = []string{"user-initiated.pcapng", "network-initiated.pcapng"}

func TestFlowsAreFlawless(t *testing.T) {
	for _, name := range flows {
		messages, stats := read(t, name)
		if len(stats.Problems) > 0 {
			t.Errorf("%s has problems: %v", name, stats.Problems)
		}
		type key struct {
			src, dst    netip.Addr
			transaction string
		}
		open := map[key]uint32{}
		for _, m := range messages {
			if m.IsRequest {
				k := key{m.src.Addr(), m.dst.Addr(), m.transaction()}
				if open[k] != 0 {
					t.Errorf("%s: frame %d repeats frame %d", name, m.frame, open[k])
				}
				open[k] = m.frame
				continue
			}
			k := key{m.dst.Addr(), m.src.Addr(), m.transaction()}
			if open[k] == 0 {
				t.Errorf("%s: frame %d answers nothing", name, m.frame)
			}
			delete(open, k)
		}
		for k, frame := range open {
			t.Errorf("%s: the request in frame %d is never answered on %v", name, frame, k)
		}
	}
}

// The messages of the chapter, put right: sha256 of each, first eight bytes.
func TestChapterIsOnTheWire(t *testing.T) {
	for name, want := range map[string][]string{
		"user-initiated.pcapng": {
			"8655777badbcd737", // REGISTER on Gm, P to I, I to S
			"68106da8a00ca4f7",
			"cf1130de89808310",
			"3bdad656c563ac0a", // 200
			"8c8e67313177cd55",
			"6129834f775c4321",
			"d7deb9b26a649573", // NOTIFY for the phone, and its 200
			"f5bce9a486014f8c",
			"40d79543bab56824", // NOTIFY for the P-CSCF, and its 200
			"435746162bb4aebe",
			"56d3de8df20bd487",
			"c86ad5aa796363c6",
			"65d0718d5e48ff1b", // third-party REGISTER
		},
		"network-initiated.pcapng": {
			"4d6bfccff0184685", // NOTIFY for the phone
			"b7e091caab889ee0",
			"0e7a6c1f93c8d610", // NOTIFY for the P-CSCF, and its 200
			"3518944e937eb066",
			"95f6248f205e1658",
			"7c0246380e8f847a",
		},
	} {
		messages, _ := read(t, name)
		var found []string
		for _, m := range messages {
			sum := sha256.Sum256(m.raw)
			if id := hex.EncodeToString(sum[:8]); slices.Contains(want, id) {
				found = append(found, id)
			}
		}
		if !slices.Equal(found, want) {
			t.Errorf("%s has\n%v\nwant\n%v", name, found, want)
		}
	}
}

// watch is what one subscription has learned in the end.
type watch struct {
	documents    int
	subscription string // the last Subscription-State without expires
	events       map[string]string
	active       string // identities with an active registration
}

// watches follows the NOTIFYs that the S-CSCF sends, by the Call-ID of their dialogs.
func watches(t *testing.T, messages []*sipMessage) map[string]*watch {
	t.Helper()
	out := map[string]*watch{}
	registrations := map[string]map[string]bool{}
	for _, m := range messages {
		if m.Method != sip.MethodNotify || m.value(sip.HdrMaxForwards) != "70" {
			continue
		}
		call := m.value(sip.HdrCallID)
		w := out[call]
		if w == nil {
			w = &watch{events: map[string]string{}}
			out[call] = w
			registrations[call] = map[string]bool{}
		}
		var d reginfo.Document
		if err := d.Parse(m.Body.In(m.raw)); err != nil || len(d.Problems) > 0 {
			t.Fatalf("frame %d: %v %v", m.frame, err, d.Problems)
		}
		if d.Version != int64(w.documents) {
			t.Errorf("frame %d: version %d, want %d", m.frame, d.Version, w.documents)
		}
		if full := d.State == reginfo.StateFull; full != (d.Version == 0) {
			t.Errorf("frame %d: version %d is %v", m.frame, d.Version, d.State)
		}
		for _, r := range d.Registrations {
			registrations[call][string(r.AOR)] = r.State == reginfo.RegActive
			for _, c := range r.Contacts {
				w.events[string(c.ID)] = c.Event.String()
			}
		}
		w.documents++
		w.subscription = m.value(sip.HdrSubscriptionState)
		w.subscription, _, _ = strings.Cut(w.subscription, ";expires")
	}
	for call, w := range out {
		var active []string
		for _, aor := range slices.Sorted(maps.Keys(registrations[call])) {
			if registrations[call][aor] {
				active = append(active, aor)
			}
		}
		w.active = strings.Join(active, " ")
	}
	return out
}

func TestWhatTheWatchersLearn(t *testing.T) {
	const (
		phone, pcscf, as         = "b89rjhnedlrfjflslj40a222", "dre36d2v32gnlgiiomm72445", "fq7vk20z4nlgiiomm72446"
		pager, pcscfOfPager      = "m40xw7pager-reg", "p2-41qd-pager"
		console, pcscfOfConsole  = "m40xw7console-reg", "p2-41qd-console"
		tobias, game             = "sip:tobias@home1.fr", "sip:gameMaster@home1.fr"
		timeout, gone            = "terminated;reason=timeout", "terminated;reason=deactivated"
		un, de, registered, refr = "unregistered", "deactivated", "registered", "refreshed"
	)
	all := map[string]string{"15": un, "16": un, "19": un, "20": registered, "45": refr}
	none := map[string]string{"15": de, "16": de, "19": de, "20": de, "45": de}
	for name, want := range map[string]map[string]watch{
		"user-initiated.pcapng": {
			phone:          {4, timeout, all, game + " " + tobias},
			pcscf:          {4, timeout, all, game + " " + tobias},
			as:             {4, "active", all, game + " " + tobias},
			pager:          {2, "active", map[string]string{"15": un, "20": registered}, tobias},
			pcscfOfPager:   {2, "active", map[string]string{"15": un, "20": registered}, tobias},
			console:        {3, "active", map[string]string{"19": un, "45": refr}, game},
			pcscfOfConsole: {2, "active", map[string]string{"19": un, "45": registered}, game},
		},
		"network-initiated.pcapng": {
			phone:          {4, gone, none, ""},
			pcscf:          {4, gone, none, ""},
			as:             {4, gone, none, ""},
			pager:          {2, gone, map[string]string{"15": de, "20": de}, ""},
			pcscfOfPager:   {2, gone, map[string]string{"15": de, "20": de}, ""},
			console:        {3, gone, map[string]string{"19": de, "45": de}, ""},
			pcscfOfConsole: {2, gone, map[string]string{"19": de, "45": de}, ""},
		},
	} {
		messages, _ := read(t, name)
		got := watches(t, messages)
		for call, w := range want {
			g := got[call]
			if g == nil {
				t.Errorf("%s: no NOTIFY in %s", name, call)
				continue
			}
			if fmt.Sprint(*g) != fmt.Sprint(w) {
				t.Errorf("%s, %s:\ngot  %v\nwant %v", name, call, *g, w)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s has %d subscriptions, want %d", name, len(got), len(want))
		}
	}
}

// Every digest response is right: the passwords are the RES of Milenage test set 1 for the phone, and
// those that made the HA1 of pager and console.
func TestCredentials(t *testing.T) {
	res, err := hex.DecodeString("a54211d5e3ba50bf")
	if err != nil {
		t.Fatal(err)
	}
	passwords := map[string]string{
		"user1_private@home1.fr": string(res),
		"user1_pager@home1.fr":   "beep-beep",
		"user1_console@home1.fr": "insert-coin",
	}
	sum := func(parts ...string) string {
		h := md5.Sum([]byte(strings.Join(parts, ":")))
		return hex.EncodeToString(h[:])
	}
	checked := map[string]int{}
	for _, name := range flows {
		messages, _ := read(t, name)
		for _, m := range messages {
			a, ok := sip.ParseAuth(m.First(sip.HdrAuthorization))
			if !ok || len(a.Response) == 0 {
				continue
			}
			user := string(a.Username)
			ha1 := sum(user, string(a.Realm), passwords[user])
			ha2 := sum("REGISTER", string(a.URI))
			want := sum(ha1, string(a.Nonce), ha2)
			if len(a.QOP) > 0 {
				want = sum(ha1, string(a.Nonce), string(a.NC), string(a.CNonce), string(a.QOP), ha2)
			}
			if string(a.Response) != want {
				t.Errorf("%s: frame %d: response %s, want %s", name, m.frame, a.Response, want)
			}
			checked[user]++
		}
	}
	// Three hops each: phone 48 in both flows and 49 in one, pager 2, console 2 and 3.
	if want := map[string]int{"user1_private@home1.fr": 9, "user1_pager@home1.fr": 6, "user1_console@home1.fr": 12}; !maps.Equal(checked, want) {
		t.Errorf("checked %v, want %v", checked, want)
	}
}

func TestDamageIsAsPrinted(t *testing.T) {
	messages, stats := read(t, "damaged.pcapng")
	for text, want := range map[string]int{
		"SIP/2.0/UDP [5555:1:2:3:4]:1357;comp=sigcomp;branch=99ueth\r\n":                                                           6,
		"\r\nRoute: sip:[5555:1:2:3:4]:7531;comp=sigcomp;lr\r\n":                                                                   1,
		"To: <sip:tobias@home1.fr>;tag=kotimaa\r\nAuthorization":                                                                   3,
		"               nonce=\"34CwFva37UYWpGNB34JP, algorithm=AKAV1-MD5,\r\n":                                                    3,
		"integrity-protected=\"yes\"\r\n               uri=\"sip:home1.fr\",\r\n\r\n":                                              3,
		"\r\n                  ;port-c=8644 ;port-s=7533\r\n":                                                                      1,
		"port-s=1357\r\n\r\nContact: <sip:[5555:1:2:3:4]:1357;comp=sigcomp>;expires=0\r\nCall-ID":                                  1,
		"expires=0\r\nExpires: 0\r\n":                                                                                              3,
		"NOTIFY sip:[5555:1:2:3:4]:1357;comp=sigcomp SIP/2.0\r\nSubscription-State: terminated\r\n\r\n<?xml":                       1,
		"version=\"3\" state\n<registration sorn=\"sip:tobias@home1.fr\" id=\"s1\" state=\"active\">\n":                            4,
		"\n    sip:[5555:1:71:171:172:173]\n":                                                                                      4,
		"</registration>\n</contact>\n</registration>\n<registration aor=\"sip:gameMaster@home1.fr\" id=\"c1\" state=\"active\"\n": 4,
		"<registration aor=\"sip:tobias@home1.fr\" id=\"a1\" state=\"terminat\n":                                                   3,
		"<registration aor=\"sip:gameMaster@home1.fr\" id=\"c1\" state=\"term\n":                                                   3,
		"\n      sip:[5555:112:3:4]\n":                                                                                             9,
	} {
		n := 0
		for _, m := range messages {
			raw := string(m.raw)
			if strings.HasPrefix(text, "version") || strings.HasPrefix(text, "\n") || strings.HasPrefix(text, "<") {
				raw = strings.ReplaceAll(raw, "\r\n", "\n") // the document is printed without line ends
			}
			n += strings.Count(raw, text)
		}
		if n != want {
			t.Errorf("%d times %q, want %d", n, text, want)
		}
	}
	for code, want := range map[string]uint64{"sip-unterminated-quote": 3, "sip-duplicate-param": 3, "sip-route-to-self": 1} {
		if stats.Problems[code] != want {
			t.Errorf("%d problems %s, want %d", stats.Problems[code], code, want)
		}
	}
}
