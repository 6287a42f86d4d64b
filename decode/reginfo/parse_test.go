package reginfo

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"imscope/decode/problem"
)

// dump writes what a document holds, one line for each registration, contact, parameter.
func dump(d *Document) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %v\n", d.Version, d.State)
	for _, r := range d.Registrations {
		fmt.Fprintf(&b, "%s id=%s %v", opt(r.AOR), opt(r.ID), r.State)
		if r.Wildcard != nil {
			fmt.Fprintf(&b, " wildcard=%s", r.Wildcard)
		}
		if r.Actions {
			b.WriteString(" actions")
		}
		b.WriteByte('\n')
		for _, c := range r.Contacts {
			fmt.Fprintf(&b, "  %s id=%s %v %v", opt(c.URI), opt(c.ID), c.State, c.Event)
			for _, n := range []struct {
				name string
				v    int64
			}{
				{"expires", c.Expires}, {"retry-after", c.RetryAfter}, {"duration", c.DurationRegistered}, {"cseq", c.CSeq},
				{"first-cseq", c.TempGRUUFirstCSeq},
			} {
				if n.v >= 0 {
					fmt.Fprintf(&b, " %s=%d", n.name, n.v)
				}
			}
			for _, s := range []struct {
				name string
				v    []byte
			}{
				{"q", c.Q}, {"callid", c.CallID}, {"received", c.Received}, {"path", c.Path}, {"user_agent", c.UserAgent},
				{"name", c.DisplayName}, {"instance", c.Instance}, {"pub-gruu", c.PubGRUU}, {"temp-gruu", c.TempGRUU},
			} {
				if s.v != nil {
					fmt.Fprintf(&b, " %s=%q", s.name, s.v)
				}
			}
			b.WriteByte('\n')
			for _, p := range c.Params {
				fmt.Fprintf(&b, "    %q=%q\n", p.Name, p.Value)
			}
		}
	}
	return b.String()
}

func opt(b []byte) string {
	if b == nil {
		return "-"
	}
	return string(b)
}

// problems are the ids of the problems and the text they point at.
func problems(d *Document, raw []byte) []string {
	var s []string
	for _, p := range d.Problems {
		s = append(s, strings.TrimPrefix(p.Code.ID, "reginfo-")+": "+string(p.Span.In(raw)))
	}
	return s
}

// lines removes the indentation of a raw string in a table.
func lines(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "\n\t\t\t\t", "\n")
	return s + "\n"
}

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		name, xml, want string
	}{
		{"the example of RFC 3680", `<?xml version="1.0"?>
<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="0" state="full">
  <registration aor="sip:user@example.com" id="as9" state="active">
    <contact id="76" state="active" event="registered" duration-registered="7322" q="0.8"><uri>sip:user@pc887.example.com</uri></contact>
    <contact id="77" state="terminated" event="expired" duration-registered="3600" q="0.5"><uri>sip:user@university.edu</uri></contact>
  </registration>
</reginfo>`, `
				0 full
				sip:user@example.com id=as9 active
				  sip:user@pc887.example.com id=76 active registered duration=7322 q="0.8"
				  sip:user@university.edu id=77 terminated expired duration=3600 q="0.5"`},
		{"all attributes and children", `<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" xmlns:gr="urn:ietf:params:xml:ns:gruuinfo" version="4294967295" state="partial">
<registration aor="sip:user@example.com" id="as10" state="active">
<contact id="92" state="active" event="shortened" expires="60" retry-after="5" duration-registered="7" q="0.7" callid="a84b4c76e66710@pc33" cseq="17" received="sip:192.0.2.1:5060" path="&lt;sip:p1;lr&gt;" user_agent="lab-ue/0.1">
<uri>sip:user@192.0.2.1</uri><display-name xml:lang="en">Ann &amp; Bob</display-name>
<unknown-param name="+sip.instance">"&lt;urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6&gt;"</unknown-param>
<unknown-param name="audio"/><unknown-param name="reg-id">1</unknown-param>
<gr:pub-gruu uri="sip:user@example.com;gr=urn:uuid:f81d4fae"/>
<gr:temp-gruu uri="sip:8ffkas08af7fasklzi9@example.com;gr" first-cseq="54301"/>
</contact></registration></reginfo>`, `
				4294967295 partial
				sip:user@example.com id=as10 active
				  sip:user@192.0.2.1 id=92 active shortened expires=60 retry-after=5 duration=7 cseq=17 first-cseq=54301 q="0.7" callid="a84b4c76e66710@pc33" received="sip:192.0.2.1:5060" path="<sip:p1;lr>" user_agent="lab-ue/0.1" name="Ann & Bob" instance="urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6" pub-gruu="sip:user@example.com;gr=urn:uuid:f81d4fae" temp-gruu="sip:8ffkas08af7fasklzi9@example.com;gr"
				    "+sip.instance"="\"<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>\""
				    "audio"=""
				    "reg-id"="1"`},
		{"all events", `<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="1" state="full"><registration aor="sip:a@b" id="r" state="active">` +
			`<contact id="1" state="active" event="registered"><uri>sip:1</uri></contact>` +
			`<contact id="2" state="active" event="created"><uri>sip:2</uri></contact>` +
			`<contact id="3" state="active" event="refreshed"><uri>sip:3</uri></contact>` +
			`<contact id="4" state="active" event="shortened"><uri>sip:4</uri></contact>` +
			`<contact id="5" state="terminated" event="expired"><uri>sip:5</uri></contact>` +
			`<contact id="6" state="terminated" event="deactivated"><uri>sip:6</uri></contact>` +
			`<contact id="7" state="terminated" event="probation"><uri>sip:7</uri></contact>` +
			`<contact id="8" state="terminated" event="unregistered"><uri>sip:8</uri></contact>` +
			`<contact id="9" state="terminated" event="rejected"><uri>sip:9</uri></contact></registration>` +
			`<registration aor="sip:c@b" id="s" state="init"/><registration aor="sip:d@b" id="t" state="terminated"></registration></reginfo>`, `
				1 full
				sip:a@b id=r active
				  sip:1 id=1 active registered
				  sip:2 id=2 active created
				  sip:3 id=3 active refreshed
				  sip:4 id=4 active shortened
				  sip:5 id=5 terminated expired
				  sip:6 id=6 terminated deactivated
				  sip:7 id=7 terminated probation
				  sip:8 id=8 terminated unregistered
				  sip:9 id=9 terminated rejected
				sip:c@b id=s init
				sip:d@b id=t terminated`},
		{"3GPP: wildcard, policy actions, extensions are ignored", `<ri:reginfo xmlns:ri="urn:ietf:params:xml:ns:reginfo" xmlns:eri="urn:3gpp:ns:extRegInfo:1.0" xmlns:x="urn:x" version="7" state="full" x:state="none">
<x:registration aor="sip:no@home1.net" id="0" state="active"/>
<ri:registration aor="sip:user1@home1.net" id="a" state="active" x:aor="sip:no@home1.net">
<ere:wildcardedIdentity xmlns:ere="urn:3gpp:ns:extRegExp:1.0">sip:user!.*!@home1.net</ere:wildcardedIdentity>
<eri:actions><eri:rph ns="wps" val="1"/><x:uri>sip:no@home1.net</x:uri></eri:actions>
<ri:contact id="c" state="active" event="created"><x:uri>sip:no@home1.net</x:uri><ri:uri>sip:u@10.0.0.1</ri:uri><x:state><ri:uri>sip:no</ri:uri></x:state></ri:contact>
</ri:registration><x:more><x:and>text</x:and></x:more></ri:reginfo>`, `
				7 full
				sip:user1@home1.net id=a active wildcard=sip:user!.*!@home1.net actions
				  sip:u@10.0.0.1 id=c active created`},
		{"comments, CDATA, references, white space in tags, single quotes", `<?xml version='1.0' encoding='utf-8' standalone="yes"?>
<!-- <registration aor="sip:no@b" id="0" state="active"/> -->
<reginfo
   xmlns = 'urn:ietf:params:xml:ns:reginfo'
   version	=	"3"
   state="full"
>
<registration id='r' state='active' aor='sip:a@b' >
<contact id="1" state="active" event="registered" ><uri >sip:<!-- x -->user<![CDATA[&]]>&#x31;&#50;@b</uri ><?pi <uri>sip:no</uri> ?>
<unknown-param name="a>b">&quot;&apos;&gt;</unknown-param></contact></registration ></reginfo>
`, `
				3 full
				sip:a@b id=r active
				  sip:user&12@b id=1 active registered
				    "a>b"="\"'>"`},
		{"children with another prefix for the same namespace", `<r:reginfo xmlns:r="urn:ietf:params:xml:ns:reginfo" xmlns="urn:ietf:params:xml:ns:reginfo" version="3" state="full">
<registration aor="sip:a@b" id="r" state="active"><r:contact id="1" state="active" event="registered"><uri>sip:u@b</uri></r:contact></registration></r:reginfo>`, `
				3 full
				sip:a@b id=r active
				  sip:u@b id=1 active registered`},
		{"prefixes declared where they are used", `<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="3" state="full">
<x:registration xmlns:x='urn:ietf:params:xml:ns:reginfo' aor="sip:a@b" id="r" state="active"><contact xmlns="urn:x"/><x:contact id="1" state="active" event="registered"><x:uri>sip:u@b</x:uri></x:contact></x:registration>
<x:registration xmlns:x="urn:x" aor="sip:no@b"/><x:registration aor="sip:no@b"/><registration xmlns="urn:x" aor="sip:no@b"><registration aor="sip:no@b"/></registration>
<registration aor="sip:c@b" id="s" state="init"/></reginfo>`, `
				3 full
				sip:a@b id=r active
				  sip:u@b id=1 active registered
				sip:c@b id=s init`},
		{"nothing but a root", `<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="0" state="full"/>`, `
				0 full`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var d Document
			if err := d.Parse([]byte(tt.xml)); err != nil {
				t.Fatal(err)
			}
			if got, want := dump(&d), lines(tt.want); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
			if got := problems(&d, []byte(tt.xml)); got != nil {
				t.Errorf("problems %q", got)
			}
		})
	}
}

// What Kamailio writes is sound apart from the contact id that every registration repeats.
func TestParseKamailio(t *testing.T) {
	var d Document
	if err := d.Parse([]byte(kamailio)); err != nil {
		t.Fatal(err)
	}
	if d.Version != 2 || d.State != StateFull || len(d.Registrations) != 3 {
		t.Fatalf("version %d, %v, %d registrations", d.Version, d.State, len(d.Registrations))
	}
	for i, aor := range []string{
		"sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org", "sip:+15550000001@ims.mnc001.mcc001.3gppnetwork.org", "tel:+15550000001",
	} {
		r := d.Registrations[i]
		if string(r.AOR) != aor || len(r.Contacts) != 1 {
			t.Fatalf("registration %d: %s with %d contacts", i, r.AOR, len(r.Contacts))
		}
		c := r.Contacts[0]
		if string(c.URI) != "sip:001010000000001@10.45.0.10:5060" || c.Expires != 600000 || string(c.Q) != "0.000" ||
			string(c.Instance) != "urn:gsma:imei:35000001-000001-0" || len(c.Params) != 3 || string(c.Params[0].Value) != `"600000"` {
			t.Errorf("registration %d: contact %s", i, dump(&d))
		}
		if got := c.Span.In([]byte(kamailio)); !strings.HasPrefix(string(got), `<contact id="0x7fc2bff4b1d0"`) || !strings.HasSuffix(string(got), `q="0.000">`) {
			t.Errorf("contact's tag is %q", got)
		}
	}
	if len(d.Problems) != 1 || d.Problems[0].Code != ProbContactIDShared {
		t.Errorf("problems %q", problems(&d, []byte(kamailio)))
	}
}

func TestParseErrors(t *testing.T) {
	for _, tt := range []struct {
		name, raw string
		want      error
		problem   *problem.Code
	}{
		{"empty", "", ErrNotReginfo, nil},
		{"white space", " \r\n", ErrNotReginfo, nil},
		{"text", "v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\n", ErrNotReginfo, ProbLeadingText},
		{"other XML", `<presence xmlns="urn:ietf:params:xml:ns:pidf"><tuple id="a"/></presence>`, ErrNotReginfo, nil},
		{"end tags only", "</contact>\n</registration>", ErrNotReginfo, ProbStrayEnd},
		{"in a comment", "<!-- <reginfo/> -->", ErrNotReginfo, nil},
		{"UTF-16", "\xff\xfe<\x00r\x00", ErrNotReginfo, ProbEncoding},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var d Document
			if err := d.Parse([]byte(tt.raw)); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if len(d.Registrations) != 0 {
				t.Errorf("registrations %s", dump(&d))
			}
			found := slices.ContainsFunc(d.Problems, func(p problem.Problem) bool { return p.Code == tt.problem })
			if found != (tt.problem != nil) {
				t.Errorf("problems %q", problems(&d, []byte(tt.raw)))
			}
		})
	}
}

// A Document that was used before must not keep anything.
func TestParseResets(t *testing.T) {
	var used, fresh Document
	small := []byte(`<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="9" state="partial"><registration aor="sip:a@b" id="r" state="active"><contact id="1" state="active" event="created"><uri>sip:1</uri></contact></registration></reginfo>`)
	for _, raw := range []string{kamailio, seedNetwork, "\xff\xfe", "", kamailio[:700]} {
		_ = used.Parse([]byte(raw))
		if err := used.Parse(small); err != nil {
			t.Fatal(err)
		}
		if err := fresh.Parse(small); err != nil {
			t.Fatal(err)
		}
		if got, want := dump(&used), dump(&fresh); got != want || len(used.Problems) != 0 {
			t.Errorf("got\n%swant\n%sproblems %v", got, want, problems(&used, small))
		}
	}
	if err := used.Parse([]byte("v=0")); err == nil || used.Version != -1 || used.State != StateUnknown || len(used.Registrations) != 0 {
		t.Errorf("after an error: %v, %s", err, dump(&used))
	}
}
