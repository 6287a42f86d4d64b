package html_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/websocket"

	"imscope/render/internal/fixture"
	"imscope/samples"
)

// browser is a headless Chromium, spoken to by the DevTools protocol.
type browser struct {
	t    *testing.T
	conn *websocket.Conn
	id   int
	page string // session

	frozen bool // pages may run no script

	console  []string // errors of the page, and what its policy refused
	requests []string // URLs that were asked for
}

// browserBinary finds a Chromium.
func browserBinary() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// launch starts a browser, or skips the test.
func launch(t *testing.T, width, height int, flags ...string) *browser {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser takes long")
	}
	path := browserBinary()
	if path == "" {
		t.Skip("no chromium is installed: nothing opens the page in a real browser")
	}
	dir := t.TempDir()
	cmd := exec.Command(path, append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-port=0", "--remote-allow-origins=*",
		"--user-data-dir=" + dir, fmt.Sprintf("--window-size=%d,%d", width, height)}, append(flags, "about:blank")...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Skipf("%s does not start: %v", path, err)
	}
	b := &browser{t: t}
	t.Cleanup(func() {
		if b.conn != nil {
			_ = websocket.JSON.Send(b.conn, map[string]any{"id": 1 << 20, "method": "Browser.close"})
			b.conn.Close()
		}
		done := make(chan struct{})
		go func() { _ = cmd.Wait(); close(done) }()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			_ = cmd.Process.Kill()
			<-done
		}
		// Its children let go of their files a little later.
		for range 50 {
			if os.RemoveAll(dir) == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	})
	var port string
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		data, err := os.ReadFile(filepath.Join(dir, "DevToolsActivePort"))
		if lines := strings.Split(string(data), "\n"); err == nil && len(lines) >= 2 {
			port = "ws://127.0.0.1:" + lines[0] + lines[1]
			break
		}
		if time.Now().After(deadline) {
			t.Skipf("%s does not open its port: %s", path, stderr.String())
		}
	}
	var err error
	if b.conn, err = websocket.Dial(port, "", "http://127.0.0.1"); err != nil {
		t.Fatal(err)
	}
	b.conn.MaxPayloadBytes = 256 << 20
	target := b.call("", "Target.createTarget", map[string]any{"url": "about:blank"})
	session := b.call("", "Target.attachToTarget", map[string]any{"targetId": target["targetId"], "flatten": true})
	b.page, _ = session["sessionId"].(string)
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.call(b.page, domain+".enable", nil)
	}
	return b
}

// call calls a method and waits for its answer; events that come meanwhile are noted.
func (b *browser) call(session, method string, params map[string]any) map[string]any {
	b.t.Helper()
	b.id++
	req := map[string]any{"id": b.id, "method": method}
	if session != "" {
		req["sessionId"] = session
	}
	if params != nil {
		req["params"] = params
	}
	if err := websocket.JSON.Send(b.conn, req); err != nil {
		b.t.Fatal(err)
	}
	_ = b.conn.SetReadDeadline(time.Now().Add(60 * time.Second))
	for {
		var m struct {
			ID     int
			Method string
			Params map[string]any
			Result map[string]any
			Error  *struct{ Message string }
		}
		if err := websocket.JSON.Receive(b.conn, &m); err != nil {
			b.t.Fatalf("%s: %v", method, err)
		}
		if m.ID == b.id {
			if m.Error != nil {
				b.t.Fatalf("%s: %s", method, m.Error.Message)
			}
			return m.Result
		}
		b.event(m.Method, m.Params)
	}
}

// event notes what the browser says on its own.
func (b *browser) event(method string, params map[string]any) {
	text := func() string { s, _ := json.Marshal(params); return string(s) }
	switch method {
	case "Log.entryAdded", "Runtime.exceptionThrown":
		b.console = append(b.console, text())
	case "Runtime.consoleAPICalled":
		b.console = append(b.console, text())
	case "Network.requestWillBeSent":
		if r, ok := params["request"].(map[string]any); ok {
			b.requests = append(b.requests, fmt.Sprint(r["url"]))
		}
	case "Page.javascriptDialogOpening":
		b.console = append(b.console, "a dialog: "+text())
		// Left open, it would block the page.
		_ = websocket.JSON.Send(b.conn, map[string]any{"id": 1 << 21, "sessionId": b.page, "method": "Page.handleJavaScriptDialog", "params": map[string]any{"accept": true}})
	}
}

// open loads a page from a file and waits until it is complete.
func (b *browser) open(content []byte, fragment string) (loaded time.Duration) {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), "report.html")
	if err := os.WriteFile(path, content, 0o666); err != nil {
		b.t.Fatal(err)
	}
	start := time.Now()
	b.call(b.page, "Page.navigate", map[string]any{"url": (&url.URL{Scheme: "file", Path: path, Fragment: fragment}).String()})
	for b.eval(`document.readyState === "complete"`) != true {
		if time.Since(start) > 60*time.Second {
			b.t.Fatal("the page is not complete after a minute")
		}
		time.Sleep(10 * time.Millisecond)
	}
	if b.frozen {
		return time.Since(start)
	}
	// The first view: laid out and painted.
	b.eval(`new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))`)
	return time.Since(start)
}

// eval evaluates an expression in the page. It does so as DevTools do, which no policy of the page hinders.
func (b *browser) eval(expression string) any {
	b.t.Helper()
	r := b.call(b.page, "Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true})
	if e, ok := r["exceptionDetails"]; ok {
		b.t.Fatalf("%s: %v", expression, e)
	}
	v, _ := r["result"].(map[string]any)
	return v["value"]
}

// settle waits until an expression is true.
func (b *browser) settle(expression string) {
	b.t.Helper()
	for start := time.Now(); b.eval(expression) != true; time.Sleep(20 * time.Millisecond) {
		if time.Since(start) > 10*time.Second {
			b.t.Fatalf("not after ten seconds: %s", expression)
		}
	}
}

// key presses a key.
func (b *browser) key(name string) {
	for _, kind := range []string{"keyDown", "keyUp"} {
		p := map[string]any{"type": kind, "key": name, "code": name}
		if name == "Enter" {
			p["windowsVirtualKeyCode"] = 13
			if kind == "keyDown" {
				p["text"] = "\r"
			}
		}
		b.call(b.page, "Input.dispatchKeyEvent", p)
	}
}

// quiet fails the test if the page said anything to the console or asked for anything but itself.
func (b *browser) quiet() {
	b.t.Helper()
	for _, c := range b.console {
		b.t.Errorf("console: %s", c)
	}
	for _, u := range b.requests {
		if !strings.HasPrefix(u, "file://") && u != "about:blank" {
			b.t.Errorf("the page asked for %s", u)
		}
	}
	if len(b.requests) == 0 {
		b.t.Error("no request was seen, not even the page's own")
	}
}

// shot keeps a picture if somebody wants to look: IMSCOPE_SHOTS=directory.
func (b *browser) shot(name string) {
	dir := os.Getenv("IMSCOPE_SHOTS")
	if dir == "" {
		return
	}
	r := b.call(b.page, "Page.captureScreenshot", map[string]any{"format": "png"})
	data, _ := r["data"].(string)
	png, err := base64.StdEncoding.DecodeString(data)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o666)
	}
	if err != nil {
		b.t.Error(err)
	}
}

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
	b.key("ArrowDown")
	b.settle(`document.getElementById("panel-title").textContent === "Frame 174"`)
	b.key("Escape")
	b.settle(`document.getElementById("panel").hidden`)
	if got := b.eval(`document.activeElement.getAttribute("data-f")`); got != "173" && got != "174" {
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

// TestBrowserPrint prints a page.
func TestBrowserPrint(t *testing.T) {
	b := launch(t, 1280, 900)
	b.call(b.page, "Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]any{"name": "prefers-color-scheme", "value": "dark"}}})
	b.open(sample(t, "network-initiated.pcapng"), "")
	r := b.call(b.page, "Page.printToPDF", map[string]any{"preferCSSPageSize": true, "printBackground": false})
	data, _ := r["data"].(string)
	pdf, err := base64.StdEncoding.DecodeString(data)
	if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Fatalf("no PDF: %v, %.20q", err, pdf)
	}
	if dir := os.Getenv("IMSCOPE_SHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "print.pdf"), pdf, 0o666); err != nil {
			t.Error(err)
		}
	}
	b.quiet()
}
