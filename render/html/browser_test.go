package html_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"imscope/render/internal/fixture"
	"imscope/samples"
)

// TestBrowser opens the page of a sample and uses it as a reader would.
func TestBrowser(t *testing.T) {
	b := launch(t, 1280, 900)
	b.open(sample(t, "user-initiated.pcapng"), "")
	b.shot("top")
	if got := b.eval(`document.title`); got != "Registration of sip:tobias@home1.fr" {
		t.Errorf("title %q", got)
	}
	if w := b.eval(`document.documentElement.scrollWidth <= innerWidth`); w != true {
		t.Error("the page is wider than its window")
	}

	// A click on an arrow shows its message beside the drawing.
	b.eval(`document.querySelector('#u1-d1 svg a[data-f="173"]').dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}))`)
	b.settle(`!document.getElementById("panel").hidden`)
	if got := b.eval(`document.getElementById("panel-title").textContent`); got != "Frame 173" {
		t.Errorf("the panel is of %q", got)
	}
	if got, _ := b.eval(`document.querySelector("#panel pre").textContent`).(string); !strings.HasPrefix(got, "REGISTER sip:") || !strings.Contains(got, "Expires") && !strings.Contains(got, "expires=0") {
		t.Errorf("the panel shows %.200q", got)
	}
	if n := b.eval(`document.querySelectorAll("#panel mark").length`); n.(float64) < 4 {
		t.Errorf("%v headers are marked", n)
	}
	if n := b.eval(`document.querySelectorAll('.picked[data-f="173"]').length`); n.(float64) < 3 {
		t.Errorf("%v places of frame 173 are picked out", n)
	}
	b.shot("panel")
	b.key("ArrowRight")
	b.settle(`document.getElementById("panel-title").textContent === "Frame 174"`)

	// The focus is in the panel, whose text scrolls by the keys that scroll. What belongs to the browser is left to it.
	b.call(b.page, "Emulation.setDeviceMetricsOverride", map[string]any{"width": 1280, "height": 300, "deviceScaleFactor": 1, "mobile": false})
	b.settle(`document.activeElement.id === "panel-text" && document.activeElement.scrollHeight > document.activeElement.clientHeight + 20`)
	b.key("ArrowDown")
	b.settle(`document.getElementById("panel-text").scrollTop > 0`)
	b.chord(ctrl, "j")
	if got := b.eval(`document.getElementById("panel-title").textContent`); got != "Frame 174" {
		t.Errorf("Ctrl+J leads to %v", got)
	}
	b.key("Escape")
	b.settle(`document.getElementById("panel").hidden`)
	if got := b.eval(`document.activeElement.getAttribute("data-f")`); got != "174" {
		t.Errorf("the focus is lost: %v", got)
	}

	// Keyboard alone: an arrow is a link.
	b.eval(`document.querySelector('#u1-d1 svg a[data-f="180"]').focus()`)
	b.key("Enter")
	b.settle(`document.getElementById("panel-title").textContent === "Frame 180" && !document.getElementById("panel").hidden`)
	b.eval(`document.getElementById("panel-close").click()`)

	// The filter for Wireshark is there to copy.
	if got, _ := b.eval(`document.querySelector("#u1-d1 .filter code").textContent`).(string); !strings.HasPrefix(got, "frame.number==173||frame.number==174||") {
		t.Errorf("filter %.60q", got)
	}
	b.eval(`document.querySelector("#u1-d1 .filterbox button").click()`)
	b.settle(`document.querySelector("#u1-d1 .filterbox button").textContent !== "Copy frame filter"`)
	b.eval(`document.querySelector("#u1-d1 .filterbox button").click()`)
	b.settle(`document.querySelector("#u1-d1 .filterbox button").textContent === "Copy frame filter"`)
	b.quiet()
}

// TestBrowserLinks: a link leads to its target each time, folded or not.
func TestBrowserLinks(t *testing.T) {
	b := launch(t, 1280, 900)
	b.open(page(t, fixture.Crowd(40), 5), "")
	for range 2 {
		b.eval(`document.querySelector('.lead a[href="#u1"]').click()`)
		b.settle(`document.getElementById("u1").open && location.hash === "#u1"`)
		b.eval(`Array.from(document.querySelectorAll("#tools button")).find(x => x.textContent === "Close all").click()`)
		b.settle(`!document.getElementById("u1").open`)
	}
	b.quiet()
}

// TestBrowserSearch: of users told in detail the search finds findings, contacts and devices as well.
func TestBrowserSearch(t *testing.T) {
	b := launch(t, 1280, 900)
	b.open(page(t, fixture.Crowd(2000), 5), "")
	search := func(word string) any {
		b.eval(fmt.Sprintf(`(() => { const q = document.getElementById("q"); document.getElementById("found").textContent = ""; q.value = %q; q.dispatchEvent(new Event("input", {bubbles: true})); })()`, word))
		b.settle(`document.getElementById("found").textContent !== ""`)
		return b.eval(`document.getElementById("found").textContent`)
	}
	for word, want := range map[string]string{"Dereg-Rejected": "2 of 2000 users", "de-registration refused": "2 of 2000 users", "nothing like that": "0 of 2000 users"} {
		if got := search(word); got != want {
			t.Errorf("%q: %v", word, got)
		}
	}
	contact, _ := b.eval(`document.querySelector("#u1 table.contacts td").firstChild.data`).(string)
	if got := search(contact); contact == "" || got != "1 of 2000 users" {
		t.Errorf("contact %q: %v", contact, got)
	}
	b.quiet()
}

// TestBrowserPanel: on a small screen the panel covers half of the page, but never the arrow that it tells of.
func TestBrowserPanel(t *testing.T) {
	b := launch(t, 400, 800)
	b.call(b.page, "Emulation.setDeviceMetricsOverride", map[string]any{"width": 400, "height": 800, "deviceScaleFactor": 1, "mobile": false})
	b.open(sample(t, "user-initiated.pcapng"), "")
	b.eval(`document.documentElement.style.scrollBehavior = "auto"`)
	b.eval(`(() => { const a = document.querySelector('#u1-d1 svg a[data-f="173"]'); a.scrollIntoView({block: "center"}); a.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true})); })()`)
	for i := range 12 {
		b.key("j")
		if b.eval(`document.querySelector("#u1-d1 svg a.picked").getBoundingClientRect().bottom <= document.getElementById("panel").getBoundingClientRect().top`) != true {
			t.Fatalf("after %d steps the arrow is under the panel", i+1)
		}
	}
	b.shot("panel-400")
	b.quiet()
}

// TestBrowserFragment: a link into what is folded unfolds it.
func TestBrowserFragment(t *testing.T) {
	b := launch(t, 1280, 900)
	b.open(sample(t, "user-initiated.pcapng"), "u1-m173")
	b.settle(`document.getElementById("u1-m173").closest("details.messages").open && document.getElementById("u1-m173").closest("details.msg").open`)
	b.quiet()
}

// TestBrowserWithoutScript: without JavaScript the page is a document, and links unfold what they lead to.
func TestBrowserWithoutScript(t *testing.T) {
	b := launch(t, 1280, 900)
	b.call(b.page, "Emulation.setScriptExecutionDisabled", map[string]any{"value": true})
	b.frozen = true
	b.open(sample(t, "network-initiated.pcapng"), "u1-m166")
	if b.eval(`document.getElementById("u1-m166").closest("details.msg").open`) != true {
		t.Error("the link does not unfold the message")
	}
	if b.eval(`document.querySelector(".filterbox button") === null && document.getElementById("panel").hidden`) != true {
		t.Error("there are buttons that do nothing")
	}
	b.quiet()
}

// TestBrowserMany: a page of 20,000 users shows itself quickly and is searched quickly.
func TestBrowserMany(t *testing.T) {
	b := launch(t, 1280, 900)
	took := b.open(page(t, fixture.Crowd(20_000), 0), "")
	b.shot("crowd")
	t.Logf("first view after %v", took)
	limit := 2 * time.Second
	if os.Getenv("CI") != "" {
		limit *= 3 // shared machines
	}
	if took > limit {
		t.Errorf("the first view takes %v", took)
	}
	start := time.Now()
	b.eval(`(() => { const q = document.getElementById("q"); q.value = "+15550019321"; q.dispatchEvent(new Event("input", {bubbles: true})); })()`)
	b.settle(`document.getElementById("found").textContent === "1 of 20,000 users" || document.getElementById("found").textContent === "1 of 20000 users"`)
	t.Logf("search after %v", time.Since(start))
	if b.eval(`document.getElementById("rest").open && document.querySelectorAll(".chunk:not([hidden])").length === 1`) != true {
		t.Error("the hit is not shown")
	}
	b.shot("search")
	b.quiet()
}

// TestBrowserHostile: nothing of what the wire says executes, and nothing leaves its place.
func TestBrowserHostile(t *testing.T) {
	b := launch(t, 1280, 900)
	for _, evil := range append(fixture.Evils(), evils...) {
		b.open(page(t, fixture.Hostile(evil), 0), "")
		if w := b.eval(`document.documentElement.scrollWidth <= innerWidth`); w != true {
			t.Errorf("%.40q makes the page wider than its window", evil)
		}
	}
	b.shot("hostile")
	b.quiet()
}

// TestBrowserSizes opens every sample on screens of two widths in both colour schemes.
func TestBrowserSizes(t *testing.T) {
	b := launch(t, 1280, 900)
	for _, s := range samples.List() {
		content := sample(t, s.Name)
		for _, width := range []int{1280, 400} {
			b.call(b.page, "Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false})
			for _, scheme := range []string{"light", "dark"} {
				b.call(b.page, "Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]any{"name": "prefers-color-scheme", "value": scheme}}})
				b.open(content, "")
				if b.eval(`document.documentElement.scrollWidth <= innerWidth`) != true {
					t.Errorf("%s is wider than %d", s.Name, width)
				}
				want := "rgb(255, 255, 255)"
				if scheme == "dark" {
					want = "rgb(15, 19, 24)"
				}
				if got := b.eval(`getComputedStyle(document.body).backgroundColor`); got != want {
					t.Errorf("%s, %s: the paper is %v", s.Name, scheme, got)
				}
				b.shot(fmt.Sprintf("%s-%d-%s", strings.TrimSuffix(filepath.Base(s.Name), filepath.Ext(s.Name)), width, scheme))
			}
		}
	}
	b.quiet()
}

// TestBrowserTables: on a small screen a user has lines instead of columns, and a long reason makes no table wide.
func TestBrowserTables(t *testing.T) {
	b := launch(t, 400, 800)
	b.call(b.page, "Emulation.setDeviceMetricsOverride", map[string]any{"width": 400, "height": 800, "deviceScaleFactor": 1, "mobile": false})
	b.open(page(t, fixture.Crowd(40), 5), "")
	b.shot("users-400")
	if b.eval(`Array.from(document.querySelectorAll(".users tbody tr")).slice(0, 5).every(tr => tr.firstChild.offsetWidth > 300 && tr.children[1].offsetTop > tr.firstChild.offsetTop)`) != true {
		t.Error("the users are in narrow columns")
	}
	b.open(bytes.ReplaceAll(page(t, fixture.Anatomy(), 0), []byte("403 Forbidden"), bytes.Repeat([]byte("x"), 1000)), "")
	if w, _ := b.eval(`Math.max(...Array.from(document.querySelectorAll("table")).map(x => x.scrollWidth))`).(float64); w > 1600 {
		t.Errorf("a table is %v wide", w)
	}
	b.quiet()
}

// TestBrowserPrint prints a page.
func TestBrowserPrint(t *testing.T) {
	b := launch(t, 1280, 900)
	b.call(b.page, "Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]any{"name": "prefers-color-scheme", "value": "dark"}}})
	b.open(sample(t, "network-initiated.pcapng"), "")
	b.call(b.page, "Emulation.setEmulatedMedia", map[string]any{"media": "print"})
	if got := b.eval(`[".go", "button", "nav", "#panel"].map(x => getComputedStyle(document.querySelector(x)).display).join()`); got != "none,none,none,none" {
		t.Errorf("what is of no use on paper: %v", got)
	}
	b.call(b.page, "Emulation.setEmulatedMedia", map[string]any{"media": "", "features": []any{map[string]any{"name": "prefers-color-scheme", "value": "dark"}}})
	r := b.call(b.page, "Page.printToPDF", map[string]any{"preferCSSPageSize": true, "printBackground": false})
	data, _ := r["data"].(string)
	pdf, err := base64.StdEncoding.DecodeString(data)
	if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Fatalf("no PDF: %v, %.20q", err, pdf)
	}
	// On a page of Letter or A4 across, a drawing of full width has letters of more than 7 pt.
	box := regexp.MustCompile(`/MediaBox \[0 0 ([\d.]+)`).FindSubmatch(pdf)
	if box == nil {
		t.Fatal("a PDF without pages")
	}
	if w, err := strconv.ParseFloat(string(box[1]), 64); err != nil || w < 780 {
		t.Errorf("a page is %s wide", box[1])
	}
	if dir := os.Getenv("IMSCOPE_SHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "print.pdf"), pdf, 0o666); err != nil {
			t.Error(err)
		}
	}
	b.quiet()
}
