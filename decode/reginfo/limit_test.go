package reginfo

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"imscope/decode/problem"
)

func has(d *Document, code *problem.Code) bool {
	return slices.ContainsFunc(d.Problems, func(p problem.Problem) bool { return p.Code == code })
}

func TestLimits(t *testing.T) {
	const contact = `<contact id="1" state="active" event="created"><uri>sip:1</uri></contact>`
	for _, tt := range []struct {
		name, xml string
		regs      int
		contacts  int
		params    int
	}{
		{"registrations", root + strings.Repeat(reg+contact+`</registration>`, maxRegistrations+10) + `</reginfo>`, maxRegistrations, maxRegistrations, 0},
		{"contacts", root + reg + strings.Repeat(contact, maxContacts+10) + tail, 1, maxContacts, 0},
		{"parameters of a contact", root + reg + con + `<uri>sip:1</uri>` + strings.Repeat(`<unknown-param name="a">b</unknown-param>`, maxContactParams+10) + `</contact>` + tail, 1, 1, maxContactParams},
		{"parameters of a document", root + reg + strings.Repeat(con+`<uri>sip:1</uri>`+strings.Repeat(`<unknown-param name="a"/>`, maxContactParams)+`</contact>`, maxParams/maxContactParams+3) + tail,
			1, maxParams/maxContactParams + 3, maxParams},
		{"attributes", root + `<registration` + strings.Repeat(` a="b"`, 100) + ` aor="sip:a@b" id="r" state="active">` + contact + tail, 1, 1, 0},
		{"depth", root + reg + con + `<uri>sip:1</uri>` + strings.Repeat(`<x:a>`, 100) + strings.Repeat(`</x:a>`, 100) + `</contact>` + contact + tail, 1, 2, 0},
		{"depth before the root", strings.Repeat("<a>", 100) + root + reg + tail, 0, 0, 0},
		{"problems", root + reg + strings.Repeat(`<contact><uri>sip:1</uri></contact>`, 1000) + tail, 1, 1000, 0},
		{"length", root + reg + contact + strings.Repeat(" ", maxDocument) + contact + tail, 1, 1, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var d Document
			if err := d.Parse([]byte(tt.xml)); err != nil && (tt.regs > 0 || !errors.Is(err, ErrNotReginfo)) {
				t.Fatal(err)
			}
			if !has(&d, ProbLimit) {
				t.Errorf("not reported")
			}
			if len(d.Registrations) != tt.regs || len(d.contacts) != tt.contacts || len(d.params) != tt.params {
				t.Errorf("kept %d registrations, %d contacts, %d parameters, want %d, %d, %d",
					len(d.Registrations), len(d.contacts), len(d.params), tt.regs, tt.contacts, tt.params)
			}
			if len(d.Problems) > maxProblems+1 {
				t.Errorf("%d problems", len(d.Problems))
			}
		})
	}
}

// Every form of damage a megabyte long: none of them may take more than linear time. A quadratic
// reader does not come back from this test.
func TestLinear(t *testing.T) {
	const size = 1 << 20
	for _, unit := range []string{
		"<", "<!", "<!--", "<![CDATA[", "<?", "<a", "<a ", "<a b", "<a b=", "<a b='", `<a b="c=`, "</a", "</a>", "<a>", "<a/>", "&", "&lt;",
		"<!a'", "<!a[", "<!DOCTYPE a [", "<!ENTITY a \"", "<reginfo ", "<registration ", "<contact>", "<contact><uri>&", "<uri>",
		" sip:", "a=\"b=", "a='", "/", "'", "<registration a='sip:' ", "<registration><contact><unknown-param name='a'>", "]]>", "]>",
	} {
		for _, prefix := range []string{"", root + reg + con + "<uri>", root + "<registration ", root + reg + "<contact id='"} {
			var d Document
			_ = d.Parse([]byte(prefix + strings.Repeat(unit, size/len(unit))))
			if len(d.Problems) > maxProblems+1 {
				t.Errorf("%q: %d problems", unit, len(d.Problems))
			}
		}
	}
}

func TestNoAllocs(t *testing.T) {
	var d Document
	docs := [][]byte{[]byte(kamailio), []byte(seedNetwork), []byte(seedUser), []byte(root + reg + con + "<uri>a<!-- -->&amp;<![CDATA[b]]></uri></contact>" + tail)}
	var out []byte
	n := testing.AllocsPerRun(100, func() {
		for _, raw := range docs {
			if err := d.Parse(raw); err != nil {
				t.Fatal(err)
			}
			out = d.AppendXML(out[:0])
		}
	})
	if n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

// With more registrations than are compared pairwise the duplicates are found by sorting.
func TestDuplicatesAmongMany(t *testing.T) {
	var b strings.Builder
	b.WriteString(root)
	for i := range 40 {
		id := string(rune('A' + i))
		b.WriteString(`<registration aor="sip:` + id + `@b" id="` + id + `" state="active">` +
			`<contact id="` + id + `1" state="active" event="created"><uri>sip:1</uri></contact>` +
			`<contact id="` + id + `2" state="active" event="created"><uri>sip:2</uri></contact></registration>`)
	}
	b.WriteString(`<registration aor="sip:C@b" id="r" state="active">` + con + `<uri>sip:1</uri></contact>` + con + `<uri>sip:1</uri></contact>` +
		`<contact id="D2" state="active" event="created"><uri>sip:2</uri></contact>` + tail)
	var d Document
	if err := d.Parse([]byte(b.String())); err != nil {
		t.Fatal(err)
	}
	got := problems(&d, []byte(b.String()))
	slices.Sort(got)
	want := []string{`aor-twice: <registration aor="sip:C@b" id="r" state="active">`,
		`contact-id-shared: <contact id="D2" state="active" event="created">`, `contact-id-twice: ` + con}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A document that is cut off keeps every registration that was complete before the cut.
func TestCutAnywhere(t *testing.T) {
	var whole, cut Document
	if err := whole.Parse([]byte(kamailio)); err != nil {
		t.Fatal(err)
	}
	want := strings.SplitAfter(dump(&whole), "\n")
	const linesPerRegistration = 5 // itself, one contact, three parameters
	for n := range len(kamailio) {
		complete := strings.Count(kamailio[:n], "</registration>")
		err := cut.Parse([]byte(kamailio[:n]))
		if complete == 0 {
			continue
		}
		if err != nil || len(cut.Registrations) < complete {
			t.Fatalf("cut at %d: %v, %d registrations, want %d", n, err, len(cut.Registrations), complete)
		}
		lines := 1 + complete*linesPerRegistration
		if got := strings.SplitAfter(dump(&cut), "\n"); !slices.Equal(got[:lines], want[:lines]) {
			t.Fatalf("cut at %d: got\n%s", n, dump(&cut))
		}
		if n < len(kamailio)-len("</reginfo>\n") && !has(&cut, ProbUnclosed) {
			t.Fatalf("cut at %d: not reported", n)
		}
	}
}
