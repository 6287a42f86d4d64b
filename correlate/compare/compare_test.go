package compare

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"imscope/correlate"
	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/decode/network"
	"imscope/decode/reginfo"
	"imscope/decode/sip"
)

// said is one SIP message on the way.
type said struct {
	after    int64 // ms since the message before
	from, to string
	text     string
}

var nodes = map[string]netip.AddrPort{"ue": netip.MustParseAddrPort("10.0.0.1:5060"), "p": netip.MustParseAddrPort("10.0.0.2:5060"),
	"s": netip.MustParseAddrPort("10.0.0.3:5060")}

// flow analyzes messages and makes the flow of their user. Addresses and all that is random differ by shift.
func flow(t *testing.T, shift int, list []said) *Flow {
	t.Helper()
	unlike := strings.NewReplacer("{tag}", fmt.Sprint("tag", shift), "{id}", fmt.Sprint("call", shift), "{branch}", fmt.Sprint("z9hG4bK", shift),
		"{nonce}", fmt.Sprint("nonce", shift), "{user}", fmt.Sprint("user", shift), "{host}", fmt.Sprintf("home%d.example", shift), "{n}", fmt.Sprint(40+shift))
	records := func(fn func(*decode.Record)) {
		now := int64(1e18)
		for i, s := range list {
			now += s.after * 1e6
			var m sip.Message
			if err := m.Parse([]byte(unlike.Replace(strings.ReplaceAll(s.text, "\n", "\r\n")))); err != nil {
				t.Fatalf("%v: %s", err, s.text)
			}
			m.Check()
			addr := func(name string) netip.AddrPort {
				a := nodes[name].Addr().As4()
				a[2] = byte(shift)
				return netip.AddrPortFrom(netip.AddrFrom4(a), 5060)
			}
			fn(&decode.Record{Frame: uint32(i + 1), Frames: []uint32{uint32(i + 1)}, Time: now, Src: addr(s.from), Dst: addr(s.to), Proto: network.UDP, SIP: &m})
		}
	}
	e := correlate.NewEngine(correlate.Options{})
	records(e.Observe)
	rep := e.Close([]capture.FileInfo{}, &decode.Stats{})
	for u := range rep.Users() {
		f := NewFlow(u)
		records(f.Add)
		return f
	}
	t.Fatal("no user")
	return nil
}

const head = "Via: SIP/2.0/UDP 10.0.0.1:5060;branch={branch}{b}\nFrom: <sip:{user}@{host}>;tag={tag}\nTo: <sip:{user}@{host}>\nCall-ID: {id}\nCSeq: {cseq} REGISTER\n"

func registerText(cseq int, more string) string {
	return strings.NewReplacer("{cseq}", fmt.Sprint(cseq), "{b}", fmt.Sprint(cseq)).Replace("REGISTER sip:{host} SIP/2.0\n" + head + "Max-Forwards: 70\nSupported: path, gruu\n" +
		"Contact: <sip:{user}@10.0.0.1:5060>;expires=3600;+sip.instance=\"<urn:gsma:imei:35000002-0000{n}-0>\"\n" + more + "Content-Length: 0\n\n")
}

func answerText(cseq int, line, more string) string {
	return strings.NewReplacer("{cseq}", fmt.Sprint(cseq), "{b}", fmt.Sprint(cseq)).Replace("SIP/2.0 " + line + "\n" + head + more + "Content-Length: 0\n\n")
}

const (
	challenge   = "WWW-Authenticate: Digest realm=\"{host}\", nonce=\"{nonce}\", algorithm=AKAv1-MD5, qop=\"auth\"\n"
	credentials = "Authorization: Digest username=\"{user}@{host}\", realm=\"{host}\", nonce=\"{nonce}\", response=\"{nonce}\", uri=\"sip:{host}\", algorithm=AKAv1-MD5, qop=auth, nc=00000001, cnonce=\"{nonce}\"\n"
	granted     = "Contact: <sip:{user}@10.0.0.1:5060>;expires=3600\nP-Associated-URI: <sip:{user}@{host}>\nService-Route: <sip:orig@scscf.{host};lr>\n"
)

func good() []said {
	return []said{
		{0, "ue", "p", registerText(1, "")},
		{20, "p", "ue", answerText(1, "401 Unauthorized", challenge)},
		{5, "ue", "p", registerText(2, credentials)},
		{30, "p", "ue", answerText(2, "200 OK", granted)},
	}
}

// rows gives a comparison in short.
func rows(r *Result) []string {
	var out []string
	for _, w := range r.Rows {
		e := w.Left
		if e == nil {
			e = w.Right
		}
		s := fmt.Sprint(w.Kind, " ", e.Method, " ", e.Status)
		if w.Slower {
			s += " slower"
		}
		for _, d := range w.Differences {
			s += fmt.Sprintf(" [%s: %q %q]", d.What, d.Left, d.Right)
		}
		out = append(out, s)
	}
	return out
}

func TestFlows(t *testing.T) {
	upgraded := good()
	upgraded[0].text = strings.NewReplacer("Supported: path, gruu", "Supported: path, outbound\nUser-Agent: new/2", "expires=3600", "expires=600000;reg-id=1").Replace(upgraded[0].text)
	rejected := good()
	rejected[3] = said{900, "p", "ue", answerText(2, "403 Forbidden", "")}
	noChallenge := []said{good()[0], {30, "p", "ue", answerText(1, "200 OK", granted)}}
	left := good()
	left = append(left, said{100, "ue", "p", strings.ReplaceAll(registerText(3, credentials), "expires=3600", "expires=0")}, said{10, "p", "ue", answerText(3, "200 OK", "")})
	for _, c := range []struct {
		name        string
		left, right []said
		equal       bool
		want        []string
	}{
		{"only what means nothing differs", good(), good(), true, []string{"same REGISTER 0", "same REGISTER 401", "same REGISTER 0", "same REGISTER 200"}},
		{"headers and parameters", good(), upgraded, false, []string{
			`changed REGISTER 0 [Supported: "gruu" "outbound"] [Contact;expires: "3600" "600000"] [Contact;reg-id: "" "1"] [User-Agent: "" "new/2"]`,
			"same REGISTER 401", "same REGISTER 0", "same REGISTER 200"}},
		{"another answer, and late", good(), rejected, false, []string{"same REGISTER 0", "same REGISTER 401", "same REGISTER 0",
			`changed REGISTER 200 slower [Status: "200 OK" "403 Forbidden"] [Contact: "sip:user@host;expires=3600" ""] [P-Associated-URI: "sip:user@host" ""] [Service-Route: "sip:user@host;uri;lr" ""]`}},
		{"missing steps", good(), noChallenge, false, []string{"same REGISTER 0",
			`changed REGISTER 401 [Status: "401 Unauthorized" "200 OK"] [WWW-Authenticate: "Digest;realm=…;nonce=…;algorithm=AKAv1-MD5;qop=auth" ""] ` +
				`[Contact: "" "sip:user@host;expires=3600"] [P-Associated-URI: "" "sip:user@host"] [Service-Route: "" "sip:user@host;uri;lr"]`,
			"left REGISTER 0", "left REGISTER 200"}},
		{"extra steps", good(), left, false, []string{"same REGISTER 0", "same REGISTER 401", "same REGISTER 0", "same REGISTER 200", "right REGISTER 0", "right REGISTER 200"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Flows(flow(t, 1, c.left), flow(t, 2, c.right), nil, nil)
			if got := rows(r); !slices.Equal(got, c.want) || r.Equal() != c.equal {
				t.Errorf("equal %v\n%s\nwant\n%s", r.Equal(), strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
			back := Flows(flow(t, 2, c.right), flow(t, 1, c.left), nil, nil)
			if back.Count(Left) != r.Count(Right) || back.Count(Same) != r.Count(Same) || back.Count(Changed) != r.Count(Changed) {
				t.Errorf("the other way round: %v", rows(back))
			}
		})
	}
}

// TestRemoval: a de-registration is lined up with a de-registration, however many refreshes lie before it, and never with
// one of them.
func TestRemoval(t *testing.T) {
	asks := func(cseq int, expires string) []said {
		return []said{{1000, "ue", "p", strings.ReplaceAll(registerText(cseq, credentials), "expires=3600", "expires="+expires)},
			{10, "p", "ue", answerText(cseq, "200 OK", "")}}
	}
	flows := func(expires ...string) (l []said) {
		for i, e := range expires {
			l = append(l, asks(i+1, e)...)
		}
		return l
	}
	for _, c := range []struct {
		name        string
		left, right []said
		want        []string // of the REGISTERs: what the sides ask for, "-" for nothing
	}{
		{"after many refreshes", flows("3600", "3600", "3600", "3600", "0"), flows("3600", "0", "3600"),
			[]string{"3600 3600", "3600 -", "3600 -", "3600 -", "0 0", "- 3600"}},
		{"before many", flows("3600", "0"), flows("3600", "3600", "3600", "0"), []string{"3600 3600", "- 3600", "- 3600", "0 0"}},
		{"on one side", flows("3600", "0"), flows("3600", "3600"), []string{"3600 3600", "0 -", "- 3600"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, w := range Flows(flow(t, 1, c.left), flow(t, 2, c.right), nil, nil).Rows {
				expires := func(e *story.Event) string {
					if e == nil {
						return "-"
					}
					return fmt.Sprint(e.Exchange.Register.Contacts[0].Expires)
				}
				if e := cmp.Or(w.Left, w.Right); e.Status == 0 {
					got = append(got, expires(w.Left)+" "+expires(w.Right))
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// What one side could not have seen is no difference.
func TestUnseen(t *testing.T) {
	withMw := good()
	via := "Via: SIP/2.0/UDP 10.0.0.2:5060;branch={branch}p1\n"
	forwarded := strings.Replace(registerText(1, ""), "Via:", via+"Via:", 1)
	withMw = slices.Insert(withMw, 1, said{1, "p", "s", strings.Replace(forwarded, "Content-Length", "Path: <sip:term@{host};lr>\nContent-Length", 1)})
	r := Flows(flow(t, 1, good()), flow(t, 2, withMw), nil, nil)
	if !r.Equal() {
		t.Errorf("%v", rows(r))
	}
}

func TestFindings(t *testing.T) {
	f := flow(t, 1, good())
	r := Flows(f, f, []finding.Finding{{Rule: "a"}, {Rule: "b"}, {Rule: "b"}}, []finding.Finding{{Rule: "a"}, {Rule: "c"}})
	if len(r.LeftFindings) != 1 || r.LeftFindings[0].Rule != "b" || len(r.RightFindings) != 1 || r.RightFindings[0].Rule != "c" || r.Equal() {
		t.Errorf("%+v %+v", r.LeftFindings, r.RightFindings)
	}
}

// TestOrder: steps that changed places took no time that compares, least of all a negative one.
func TestOrder(t *testing.T) {
	made := func(methods ...string) *Flow {
		f := &Flow{User: &story.User{}}
		for i, m := range methods {
			f.Steps = append(f.Steps, Step{Event: &story.Event{Method: m, Time: int64(i) * 10e9}})
		}
		return f
	}
	r := Flows(made("REGISTER", "SUBSCRIBE", "PUBLISH"), made("REGISTER", "PUBLISH", "SUBSCRIBE"), nil, nil)
	took := 0
	for _, w := range r.Rows {
		if w.LeftTook < 0 || w.RightTook < 0 || w.Slower && !w.HasTook {
			t.Errorf("%+v", w)
		}
		if w.HasTook {
			took++
		}
	}
	if r.Count(Same) != 3 || took != 1 {
		t.Errorf("%d times, %v", took, rows(r))
	}
}

func TestContents(t *testing.T) {
	d := &fact.Document{Registrations: []fact.Registration{
		{State: reginfo.RegTerminated, Contacts: []fact.Contact{{State: reginfo.ContactTerminated, Event: reginfo.EventDeactivated}, {State: reginfo.ContactTerminated, Event: reginfo.EventDeactivated}}},
		{State: reginfo.RegTerminated, Contacts: []fact.Contact{{State: reginfo.ContactActive, Event: reginfo.EventRegistered}}}}}
	if got, want := contents(d), "1 contact active registered, 2 contacts terminated deactivated, 2 registrations terminated"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestRole(t *testing.T) {
	for label, want := range map[string]string{"UE": "UE", "UE 10.0.0.1": "UE", "P-CSCF2": "P-CSCF", "AS": "AS", "10.0.0.1": "", "ASTERISK": "", "": ""} {
		if got := role(label); got != want {
			t.Errorf("%q is %q, want %q", label, got, want)
		}
	}
}

// A flow of more steps than are compared says so, and hostile messages do no harm.
func TestLong(t *testing.T) {
	u := &story.User{ID: "x"}
	for i := range maxSteps + 7 {
		u.Timeline = append(u.Timeline, story.Event{Kind: story.KindExpiry, Frame: uint32(i + 1)})
	}
	f := NewFlow(u)
	if len(f.Steps) != maxSteps || f.Cut != 7 || f.Steps[0].Event.Frame != 1 || f.Steps[maxSteps-1].Event.Frame != maxSteps+7 {
		t.Errorf("%d steps, %d left out", len(f.Steps), f.Cut)
	}
	if r := Flows(f, NewFlow(u), nil, nil); !r.Equal() || len(r.Rows) != maxSteps {
		t.Errorf("%d rows", len(r.Rows))
	}
	if r := Flows(NewFlow(&story.User{}), f, nil, nil); r.Count(Right) != maxSteps {
		t.Errorf("%d rows on the right", r.Count(Right))
	}
}

func FuzzFields(f *testing.F) {
	for _, s := range good() {
		f.Add([]byte(strings.ReplaceAll(s.text, "\n", "\r\n")))
	}
	f.Add([]byte("REGISTER sip:x SIP/2.0\r\nContact: *, <sip:a>;q=\"\r\nSecurity-Client: ;;;,\r\nP-Charging-Vector: icid-value=1;x\r\nAuthorization: ,,=\r\nVia: SIP/2.0/UDP\r\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var m sip.Message
		if m.Parse(data) != nil {
			return
		}
		a := sipFields(&m)
		if d := fields(a, sipFields(&m)); len(d) != 0 {
			t.Fatalf("a message differs from itself: %+v", d)
		}
	})
}
