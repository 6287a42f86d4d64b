package reginfo

import (
	"slices"
	"strings"
	"testing"
)

// The documents of the printed chapter that the product grew from, with the damage they were printed
// with: cropped tags and values, a misread attribute name, lost start tags, addresses outside uri.
const (
	seedUser = `<?xml version="1.0"?>
<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="3" state

<registration sorn="sip:tobias@home1.fr" id="s1" state="active">
  <contact id="15" state="terminated" event="unregistered">
    sip:[5555:1:2:3:4]
  </contact>

  <contact id="20" state="active" event="registered">
    sip:[5555:1:71:171:172:173]
  </contact>
</registration>

</contact>
</registration>

<registration aor="sip:gameMaster@home1.fr" id="c1" state="active"
  <contact id="45" state="active" event="refreshed">
    sip:[5555:101:102:103:104]
  </contact>

  <contact id="19" state="terminated" event="unregistered">
    sip:[5555:112:3:4]
  </contact>
</registration>
</reginfo>
`
	seedNetwork = `<?xml version="1.0"?>
<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="3" state
  <registration aor="sip:tobias@home1.fr" id="a1" state="terminat
    <contact id="15" state="terminated" event="deactivated">
      sip:[5555:112:3:4]
    </contact>

    <contact id="20" state="terminated" event="deactivated">
      sip:[5555:171:171:172:173]
    </contact>
  </registration>
  <registration aor="tel:+44-123-456-789" id="a2" state="terminat
    <contact id="16" state="terminated" event="deactivated">
      sip:[5555:112:3:4]
    </contact>
  </registration>
  <registration aor="sip:gameMaster@home1.fr" id="c1" state="term
    <contact id="45" state="terminated" event="deactivated">
      sip:[5555:101:102:103:104]
    </contact>

    <contact id="19" state="terminated" event="deactivated">
      sip:[5555:112:3:4]
    </contact>
  </registration>
</reginfo>
`
)

const (
	root = `<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="3" state="partial">`
	reg  = `<registration aor="sip:a@b" id="r" state="active">`
	con  = `<contact id="1" state="active" event="created">`
	tail = `</registration></reginfo>`
)

func TestDamage(t *testing.T) {
	for _, tt := range []struct {
		name, xml, want string
		problems        []string
	}{
		{"the chapter, user-initiated", seedUser, `
				3 unknown
				sip:tobias@home1.fr id=s1 active
				  sip:[5555:1:2:3:4] id=15 terminated unregistered
				  sip:[5555:1:71:171:172:173] id=20 active registered
				sip:gameMaster@home1.fr id=c1 active
				  sip:[5555:101:102:103:104] id=45 active refreshed
				  sip:[5555:112:3:4] id=19 terminated unregistered`, []string{
			`attribute: state`,
			`truncated-tag: <reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="3" state`,
			`aor-name: sorn="sip:tobias@home1.fr`,
			`uri-text: sip:[5555:1:2:3:4]`,
			`uri-text: sip:[5555:1:71:171:172:173]`,
			`stray-end-tag: </contact>`,
			`stray-end-tag: </registration>`,
			`truncated-tag: <registration aor="sip:gameMaster@home1.fr" id="c1" state="active"`,
			`uri-text: sip:[5555:101:102:103:104]`,
			`uri-text: sip:[5555:112:3:4]`,
		}},
		{"the chapter, network-initiated", seedNetwork, `
				3 unknown
				sip:tobias@home1.fr id=a1 terminated
				  sip:[5555:112:3:4] id=15 terminated deactivated
				  sip:[5555:171:171:172:173] id=20 terminated deactivated
				tel:+44-123-456-789 id=a2 terminated
				  sip:[5555:112:3:4] id=16 terminated deactivated
				sip:gameMaster@home1.fr id=c1 terminated
				  sip:[5555:101:102:103:104] id=45 terminated deactivated
				  sip:[5555:112:3:4] id=19 terminated deactivated`, []string{
			`attribute: state`,
			`truncated-tag: <reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="3" state`,
			`attribute: state="terminat`,
			`cropped-value: terminat`,
			`truncated-tag: <registration aor="sip:tobias@home1.fr" id="a1" state="terminat`,
			`uri-text: sip:[5555:112:3:4]`,
			`uri-text: sip:[5555:171:171:172:173]`,
			`attribute: state="terminat`,
			`cropped-value: terminat`,
			`truncated-tag: <registration aor="tel:+44-123-456-789" id="a2" state="terminat`,
			`uri-text: sip:[5555:112:3:4]`,
			`attribute: state="term`,
			`cropped-value: term`,
			`truncated-tag: <registration aor="sip:gameMaster@home1.fr" id="c1" state="term`,
			`uri-text: sip:[5555:101:102:103:104]`,
			`uri-text: sip:[5555:112:3:4]`,
		}},
		{"registrations whose root was split off", `<registration aor="sip:a@b" id="r" state="active">` + con + `<uri>sip:1</uri></contact></registration>` +
			`<registration aor="sip:c@b" id="s" state="active"></registration></reginfo>`, `
				-1 unknown
				sip:a@b id=r active
				  sip:1 id=1 active created
				sip:c@b id=s active`,
			[]string{"no-root: <registration", "stray-end-tag: </reginfo>"}},
		{"contacts whose registration was cropped", root + con + `<uri>sip:1</uri></contact><contact id="2" state="active" event="created"><uri>sip:2</uri></contact></registration>` +
			`<registration aor="sip:c@b" id="s" state="active"/></reginfo>`, `
				3 partial
				- id=- unknown
				  sip:1 id=1 active created
				  sip:2 id=2 active created
				sip:c@b id=s active`,
			[]string{"nesting: <contact", "nesting: <contact", "stray-end-tag: </registration>"}},
		{"cropped quote in the middle of a tag", root + `<registration aor="sip:a@b id="r" state="active">` + tail, `
				3 partial
				sip:a@b id=r active`, []string{`attribute: aor="sip:a@b`}},
		{"cropped quote at the end of a tag", root + `<registration aor="sip:a@b" id="r" state="active>` + "\n" + con + `<uri>sip:1</uri></contact>` + tail, `
				3 partial
				sip:a@b id=r active
				  sip:1 id=1 active created`, []string{`attribute: state="active`}},
		{"cropped quote, the text has quotes", root + reg + con + `<uri>sip:1</uri><unknown-param name="expires>"600"</unknown-param></contact>` + tail, `
				3 partial
				sip:a@b id=r active
				  sip:1 id=1 active created
				    "expires"="\"600\""`, []string{`attribute: name="expires`}},
		{"tag without its end, address as text", root + reg + `<contact id="1" state="active" event="created"` + "\n  sip:[5555:1:2:3:4]\n</contact>" + tail, `
				3 partial
				sip:a@b id=r active
				  sip:[5555:1:2:3:4] id=1 active created`,
			[]string{`truncated-tag: <contact id="1" state="active" event="created"`, `uri-text: sip:[5555:1:2:3:4]`}},
		{"values without quotes", root + `<registration aor=sip:a@b id=r state=active>` + tail, `
				3 partial
				sip:a@b id=r active`, []string{`attribute: aor=sip:a@b`, `attribute: id=r`, `attribute: state=active`}},
		{"no space between attributes", root + `<registration aor="sip:a@b"id="r"state="active">` + tail, `
				3 partial
				sip:a@b id=r active`, []string{`attribute: aor="sip:a@b`, `attribute: id="r`}},
		{"attribute twice", root + `<registration aor="sip:a@b" id="r" state="active" state="terminated">` + tail, `
				3 partial
				sip:a@b id=r active`, []string{`attribute-twice: state="terminated`}},
		{"two candidates for the address-of-record", root + `<registration a="sip:a@b" b="tel:+1" id="r" state="active">` + tail, `
				3 partial
				- id=r active`, []string{`no-aor: <registration a="sip:a@b" b="tel:+1" id="r" state="active">`}},
		{"spelling of values", root + `<registration aor="sip:a@b" id="r" state="Active">` +
			`<contact id="1" state=" terminated " event="de-activated"><uri>sip:1</uri></contact>` +
			`<contact id="2" state="TERM" event="unregister"><uri>sip:2</uri></contact>` +
			`<contact id="3" state="ter" event="re"><uri>sip:3</uri></contact>` +
			`<contact id="4" state="te" event="gone"><uri>sip:4</uri></contact>` + tail, `
				3 partial
				sip:a@b id=r active
				  sip:1 id=1 terminated deactivated
				  sip:2 id=2 terminated unregistered
				  sip:3 id=3 terminated unknown
				  sip:4 id=4 unknown unknown`,
			[]string{"value-spelling: Active", "value-spelling:  terminated ", "value-spelling: de-activated", "cropped-value: TERM",
				"cropped-value: unregister", "cropped-value: ter", "event: re", "state: te", "event: gone"}},
		{"attributes missing", `<reginfo xmlns="urn:ietf:params:xml:ns:reginfo"><registration><contact><uri>sip:1</uri></contact></registration></reginfo>`, `
				-1 unknown
				- id=- unknown
				  sip:1 id=- unknown unknown`,
			[]string{`version: <reginfo xmlns="urn:ietf:params:xml:ns:reginfo">`, `state: <reginfo xmlns="urn:ietf:params:xml:ns:reginfo">`,
				"no-aor: <registration>", "no-id: <registration>", "state: <registration>",
				"no-id: <contact>", "state: <contact>", "event: <contact>"}},
		{"numbers", `<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="4294967296" state="full">` + reg +
			`<contact id="1" state="active" event="created" expires="-1" cseq="x" retry-after="" duration-registered=" 7 "><uri>sip:1</uri></contact>` +
			`<contact id="2" state="active" event="created" expires="99999999999999999999"><uri>sip:2</uri></contact>` + tail, `
				4294967296 full
				sip:a@b id=r active
				  sip:1 id=1 active created duration=7
				  sip:2 id=2 active created expires=9223372036854775807`,
			[]string{"version: 4294967296", "number: -1", "number: x", "number: "}},
		{"namespace missing", `<reginfo version="1" state="full">` + reg + tail, `
				1 full
				sip:a@b id=r active`, []string{`namespace: <reginfo version="1" state="full">`}},
		{"namespace of another prefix", `<r:reginfo xmlns="urn:ietf:params:xml:ns:reginfo" xmlns:r="urn:x" version="1" state="full"></r:reginfo>`, `
				1 full`, []string{`namespace: xmlns:r="urn:x`}},
		{"the same address-of-record twice", root + reg + `</registration>` + reg + tail, `
				3 partial
				sip:a@b id=r active
				sip:a@b id=r active`, []string{`aor-twice: ` + reg}},
		{"the same contact id twice in a registration", root + reg + con + `<uri>sip:1</uri></contact>` + con + `<uri>sip:2</uri></contact>` + tail, `
				3 partial
				sip:a@b id=r active
				  sip:1 id=1 active created
				  sip:2 id=1 active created`, []string{`contact-id-twice: ` + con}},
		{"the same contact id in two registrations", root + reg + con + `<uri>sip:1</uri></contact></registration>` +
			`<registration aor="tel:+1" id="s" state="active">` + con + `<uri>sip:1</uri></contact>` + tail, `
				3 partial
				sip:a@b id=r active
				  sip:1 id=1 active created
				tel:+1 id=s active
				  sip:1 id=1 active created`, []string{`contact-id-shared: ` + con}},
		{"no address at all", root + reg + con + " \n </contact>" + tail, `
				3 partial
				sip:a@b id=r active
				  - id=1 active created`, []string{`no-uri: <contact`}},
		{"white space and brackets around the address", root + reg + con + "<uri>\r\n  sip:1\r\n</uri></contact>" +
			`<contact id="2" state="active" event="created"><uri>&lt;sip:2&gt;</uri></contact>` +
			`<contact id="3" state="active" event="created"><uri><sip:3></uri></contact>` + tail, `
				3 partial
				sip:a@b id=r active
				  sip:1 id=1 active created
				  sip:2 id=2 active created
				  sip:3 id=3 active created`,
			[]string{"uri-space: \r\n  sip:1\r\n", "uri-space: &lt;sip:2&gt;", "unescaped: <sip:3>", "uri-space: <sip:3>"}},
		{"instance not escaped", root + reg + con + `<uri>sip:1</uri><unknown-param name="+SIP.Instance">"<urn:uuid:1>"</unknown-param></contact>` + tail, `
				3 partial
				sip:a@b id=r active
				  sip:1 id=1 active created instance="urn:uuid:1"
				    "+SIP.Instance"="\"<urn:uuid:1>\""`, []string{`unescaped: <urn:uuid:1>"`}},
		{"children twice", root + reg + con + `<uri>sip:1</uri><uri>sip:2</uri></contact>` + tail, `
				3 partial
				sip:a@b id=r active
				  sip:1 id=1 active created`, []string{`child-twice: <uri`}},
		{"parameter without name, GRUU without content", root + reg + con + `<uri>sip:1</uri><unknown-param>x</unknown-param><gr:pub-gruu/><gr:temp-gruu uri="sip:t" cseq="8"/></contact>` + tail, `
				3 partial
				sip:a@b id=r active
				  sip:1 id=1 active created first-cseq=8 temp-gruu="sip:t"`,
			[]string{`param-name: <unknown-param>`, `gruu: <gr:pub-gruu/>`}},
		{"end tags missing", root + reg + con + `<uri>sip:1<contact id="2" state="active" event="created"><uri>sip:2</uri><registration aor="sip:c@b" id="s" state="active">`, `
				3 partial
				sip:a@b id=r active
				  sip:1 id=1 active created
				  sip:2 id=2 active created
				sip:c@b id=s active`,
			[]string{"unclosed: <uri", "unclosed: <contact", "unclosed: <contact", "unclosed: <registration"}},
		{"cut off inside an attribute", root + reg + con + `<uri>sip:1</uri></contact><contact id="2" state="act`, `
				3 partial
				sip:a@b id=r active
				  sip:1 id=1 active created
				  - id=2 active unknown`,
			[]string{`attribute: state="act`, `truncated-tag: <contact id="2" state="act`, `cropped-value: act`, `event: <contact id="2" state="act`,
				"unclosed: <contact", "no-uri: <contact"}},
		{"a foreign element that lost its end", root + reg + `<x:y><x:z>` + con + `<uri>sip:1</uri></contact>` + tail, `
				3 partial
				sip:a@b id=r active
				  sip:1 id=1 active created`, []string{"unclosed: <x:z"}},
		{"text between the elements", root + "The public user identity is still active:" + reg + tail, `
				3 partial
				sip:a@b id=r active`, []string{"stray-text: The public user identity is still active:"}},
		{"something before and after", "NOTIFY body:\r\n" + root + reg + tail + "\r\n\r\n", `
				3 partial
				sip:a@b id=r active`, []string{"leading-text: NOTIFY body:"}},
		{"a second document", root + reg + tail + root + `<registration aor="sip:c@b" id="s" state="active"/></reginfo>`, `
				3 partial
				sip:a@b id=r active`, []string{"trailing: " + root + `<registration aor="sip:c@b" id="s" state="active"/></reginfo>`}},
		{"byte order mark", "\xef\xbb\xbf" + root + reg + tail, `
				3 partial
				sip:a@b id=r active`, []string{"bom: \xef\xbb\xbf"}},
		{"another encoding", `<?xml version="1.0" encoding="ISO-8859-1"?>` + root + reg + tail, `
				3 partial
				sip:a@b id=r active`, []string{`encoding: xml version="1.0" encoding="ISO-8859-1"`}},
		{"another encoding, not declared", root + reg + con + "<uri>sip:1</uri><display-name>Andr\xe9</display-name></contact>" + tail, `
				3 partial
				sip:a@b id=r active
				  sip:1 id=1 active created name="Andr\xe9"`, []string{"encoding: Andr\xe9"}},
		{"entities are not expanded", `<!DOCTYPE reginfo [<!ENTITY a "sip:evil@b"><!ENTITY b "&a;&a;&a;&a;">]>` + root + `<registration aor="sip:&b;@b" id="r" state="active">` + tail, `
				3 partial
				sip:&b;@b id=r active`, []string{`dtd: <!DOCTYPE reginfo [`, `entity: sip:&b;@b`}},
		{"ampersands that are none", root + `<registration aor="sip:a@b?x&y=1" id="&#0;" state="active">` + tail, `
				3 partial
				sip:a@b?x&y=1 id=&#0; active`, []string{`entity: sip:a@b?x&y=1`, `entity: &#0;`}},
		{"a comment without end", root + reg + `<!-- cropped` + con + `<uri>sip:1</uri></contact>` + tail, `
				3 partial
				sip:a@b id=r active
				  sip:1 id=1 active created`, []string{`truncated-tag: <!-- cropped`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			raw := []byte(tt.xml)
			var d Document
			if err := d.Parse(raw); err != nil {
				t.Fatal(err)
			}
			if got, want := dump(&d), lines(tt.want); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
			got := problems(&d, raw)
			slices.Sort(got)
			want := slices.Sorted(slices.Values(tt.problems))
			if !slices.Equal(got, want) {
				t.Errorf("problems\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}
