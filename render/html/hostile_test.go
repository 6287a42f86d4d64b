package html_test

import (
	"bytes"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	dom "golang.org/x/net/html"

	"imscope/samples/gen"
)

// xmlText writes text as an attribute of a reginfo document holds it.
var xmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// hostileCapture is the second sample with what a hostile phone, registrar and HSS would write into it.
func hostileCapture(t testing.TB, evil string) []byte {
	t.Helper()
	scripts := fstest.MapFS{}
	dir := os.DirFS("../../samples/script")
	names, err := fs.Glob(dir, "*.txt")
	if err != nil || len(names) == 0 {
		t.Fatal(err, names)
	}
	edit := strings.NewReplacer(
		// Display names, User-Agents and unknown headers of phone and network.
		"  From: <sip:tobias@home1.fr>", `  From: "`+strings.ReplaceAll(evil, `"`, `\"`)+`" <sip:tobias@home1.fr>`,
		"  Max-Forwards: 70\n", "  Max-Forwards: 70\n  User-Agent: "+evil+"\n  X-"+"Evil: "+evil+"\n",
		// Reason phrases and reasons.
		"  200 OK\n", "  200 "+evil+"\n",
		"401 Unauthorized", "401 "+evil,
		"reason=deactivated", `reason="`+strings.ReplaceAll(evil, `"`, "")+`"`,
		"  Call-ID:", "  Reason: SIP;cause=200;text=\""+strings.ReplaceAll(evil, `"`, `\"`)+"\"\n  Call-ID:",
		// Identities and contacts in reginfo, and text between its elements.
		`aor="sip:gameMaster@home1.fr"`, `aor="sip:`+xmlText.Replace(evil)+`@home1.fr"`,
		"<uri>sip:[5555::101:102:103:104]</uri>", "<uri>javascript:"+xmlText.Replace(evil)+"</uri><display-name>"+xmlText.Replace(evil)+"</display-name>",
		`event="deactivated"`, `event="`+xmlText.Replace(evil)+`"`,
		// What the HSS says.
		"Reason-Info: ", "Reason-Info: "+evil,
	)
	for _, n := range names {
		b, err := fs.ReadFile(dir, n)
		if err != nil {
			t.Fatal(err)
		}
		scripts[n] = &fstest.MapFile{Data: []byte(edit.Replace(string(b)))}
	}
	var out bytes.Buffer
	if err := gen.Capture(&out, scripts, "network-initiated.txt"); err != nil {
		t.Fatalf("%.40q: %v", evil, err)
	}
	return out.Bytes()
}

// wireEvils are those evils that fit on a line of a message.
var wireEvils = []string{
	`<script>alert(1)</script>`, `</pre></details><script>alert(document.domain)</script>`, `"><img src=x onerror=alert(1)>`, `' onfocus='alert(1)' autofocus='`,
	`]]><svg onload=alert(1)>`, "\u202e\u2066gnp.exe\u2069\x1b[31mred\x1b[0m", "=cmd|'/c calc'!A1", strings.Repeat("W", 900), "\xff\xfe\xc3(", `{{.Policy}}`,
}

// TestHostileCapture: nothing of what is on the wire becomes markup, from the capture's bytes to the page.
func TestHostileCapture(t *testing.T) {
	for _, evil := range wireEvils {
		b := captured(t, "hostile.pcapng", hostileCapture(t, evil))
		check(t, b)
		root, err := dom.Parse(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if n := len(find(root, func(n *dom.Node) bool {
			return n.Data == "script" || n.Data == "img" || n.Data == "iframe" || n.Data == "form"
		})); n != 1 {
			t.Errorf("%.40q: %d scripts and images, the page has one script", evil, n)
		}
		// It is there to be read all the same.
		text := words(root)
		probe := strings.Join(strings.Fields(evil), " ")
		if probe = probe[:min(len(probe), 30)]; strings.HasPrefix(evil, "<") && !strings.Contains(text, probe) {
			t.Errorf("%.40q is not shown", evil)
		}
		if strings.Contains(evil, "\u202e") && !strings.Contains(text, `\u202e`) {
			t.Error("a change of direction is not made visible")
		}
	}
}

// TestBrowserHostileCapture opens these pages in a browser and every message in them.
func TestBrowserHostileCapture(t *testing.T) {
	b := launch(t, 1280, 900)
	for _, evil := range wireEvils {
		b.open(captured(t, "hostile.pcapng", hostileCapture(t, evil)), "")
		b.eval(`document.querySelectorAll("details").forEach(d => { d.open = true; })`)
		b.eval(`document.querySelectorAll("svg a[data-f]").forEach(a => a.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true})))`)
		b.settle(`!document.getElementById("panel").hidden`)
		if b.eval(`document.documentElement.scrollWidth <= innerWidth`) != true {
			t.Errorf("%.40q makes the page wider than its window", evil)
		}
	}
	b.shot("hostile-capture")
	b.quiet()
}
