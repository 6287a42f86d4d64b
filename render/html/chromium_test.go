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

// virtual are the codes of keys that the browser itself does something on.
var virtual = map[string]int{"Enter": 13, "ArrowDown": 40, "Home": 36}

// key presses a key.
func (b *browser) key(name string) { b.chord(0, name) }

// ctrl is the Control key among the modifiers of the protocol.
const ctrl = 2

// chord presses a key while modifiers are held.
func (b *browser) chord(modifiers int, name string) {
	for _, kind := range []string{"keyDown", "keyUp"} {
		p := map[string]any{"type": kind, "key": name, "code": name, "modifiers": modifiers}
		if code := virtual[name]; code != 0 {
			p["windowsVirtualKeyCode"] = code
		}
		if name == "Enter" && kind == "keyDown" {
			p["text"] = "\r"
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
