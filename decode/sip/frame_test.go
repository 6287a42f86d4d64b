package sip

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// messages is a stream with what a real one brings: keep-alives, bodies, folding, lies.
var messages = []string{
	"REGISTER sip:h SIP/2.0\r\nCall-ID: 1\r\nContent-Length: 0\r\n\r\n",
	"\r\n\r\nSIP/2.0 200 OK\r\nl: 5\r\n\r\nhello",
	"MESSAGE sip:h SIP/2.0\r\nContent-Length:\r\n 3\r\nX: y\r\n\r\nabc",
	"OPTIONS sip:h SIP/2.0\nCall-ID: bare LF\n\n",
	"NOTIFY sip:h SIP/2.0\r\nContent-Length : 4\r\nContent-Length: 9\r\n\r\n<x/>",
	"NOTIFY sip:h SIP/2.0\r\nContent-Type: message/sipfrag\r\nContent-Length: 16\r\n\r\nSIP/2.0 200 OK\r\n",
	"PUBLISH sip:h SIP/2.0\r\nContent-Length: 999\r\n\r\n", // lies: the next one begins where its body should
	"BYE sip:h SIP/2.0\r\nContent-Length: -7\r\n\r\n",
	"INVITE sip:alan@h\r\nContent-Length: 0\r\n\r\n",
	"\r\nMESSAGE sip:h SIP/2.0\r\nContent-Length: 7\r\n\r\nSIP/2.0", // no start line, the body is too short for one
	"SIP/2.0 100 \r\n\r\n",
}

func TestFrame(t *testing.T) {
	rest := []byte(strings.Join(messages, ""))
	for i, want := range messages {
		n, need, err := Frame(rest)
		if err != nil || need != 0 || string(rest[:n]) != want {
			t.Fatalf("message %d: %d %d %v %q, want %q", i, n, need, err, rest[:n], want)
		}
		var m Message
		if err := m.ParseStream(rest[:n]); err != nil {
			t.Errorf("message %d: %v", i, err)
		}
		// Any beginning of it wants more, and the hint never asks for more than there is.
		for cut := 0; cut < n; cut++ {
			k, need, err := Frame(rest[:cut])
			if k != 0 || err != nil || need < 1 || cut+need > n && !strings.Contains(want, "999") {
				t.Fatalf("message %d cut at %d of %d: %d %d %v", i, cut, n, k, need, err)
			}
		}
		rest = rest[n:]
	}
	if len(rest) != 0 {
		t.Errorf("%d bytes left", len(rest))
	}
}

func TestFrameRefuses(t *testing.T) {
	head := "OPTIONS sip:h SIP/2.0\r\n"
	for _, c := range []struct {
		name string
		in   string
		err  error
	}{
		{"binary", "\x16\x03\x01", ErrNotSIP},
		{"HTTP", "GET / HTTP/1.1\r\n", ErrNotSIP},
		{"no end of a word", strings.Repeat("A", maxMethod+1), ErrNotSIP},
		{"no end of a start line", "OPTIONS sip:" + strings.Repeat("a", maxStartLine), ErrNotSIP},
		{"no end of a status line", "SIP/2.0 200 " + strings.Repeat("a", maxStartLine), ErrNotSIP},
		{"spaces in a status line", "SIP/2.0" + strings.Repeat(" ", maxMethod), ErrNotSIP},
		{"endless version", "SIP/" + strings.Repeat("2", maxMethod), ErrNotSIP},
		{"keep-alives only", strings.Repeat("\r\n", maxKeepAlive), ErrNotSIP},
		{"start line after start line", strings.Repeat(head, MaxHeaderBytes/len(head)+1), ErrTooLong},
		{"rest of a body", "defghREGISTER sip:h SIP/2.0\r\n\r\n", ErrNotSIP},
		{"rest of a body with a blank", "the end REGISTER sip:h SIP/2.0\r\n\r\n", ErrNotSIP},
	} {
		if n, need, err := Frame([]byte(c.in)); n != 0 || need != 0 || !errors.Is(err, c.err) {
			t.Errorf("%s: %d %d %v, want %v", c.name, n, need, err, c.err)
		}
	}
	for _, c := range []struct {
		name, in string
		want     int
	}{
		{"header without end", head + strings.Repeat("a: b\r\n", MaxHeaderBytes/6), (MaxHeaderBytes-len(head))/6*6 + len(head)},
		{"line without end", head + strings.Repeat("a", MaxHeaderBytes), maxStartLine},
		{"body too long", head + "Content-Length: 1048577\r\n\r\n<", len(head) + 27},
		{"body much too long", head + "Content-Length: 99999999999999999999999\r\n\r\n<", len(head) + 43},
		{"another method", "XREGISTER sip:h SIP/2.0\r\n\r\n", 27},
		{"unknown methods and blanks", "do it now SIP/2.0\r\n\r\n", 21},
	} {
		if n, need, err := Frame([]byte(c.in)); n != c.want || need != 0 || err != nil {
			t.Errorf("%s: %d %d %v, want %d", c.name, n, need, err, c.want)
		}
	}
	if n, need, err := Frame([]byte(head + "Content-Length: 1048576\r\n\r\n<")); n != 0 || need != 1<<20-1 || err != nil {
		t.Errorf("largest body: %d %d %v", n, need, err)
	}
	if KeepAlive([]byte("\r\n\r\nSIP")) != 4 || KeepAlive([]byte("\n\r")) != 2 || KeepAlive(nil) != 0 {
		t.Error("KeepAlive")
	}
}

func TestResync(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"junk\r\nREGISTER sip:h SIP/2.0\r\n", "REGISTER sip:h SIP/2.0\r\n"},
		{"Via: SIP/2.0/UDP a\r\nX: SIP/2.0 is fine\r\n\r\nSIP/2.0 200 OK\r\n", "SIP/2.0 200 OK\r\n"},
		{"</reginfo>SIP/2.0 200 OK\r\n", "SIP/2.0 200 OK\r\n"},
		{"</reginfo>NOTIFY sip:h SIP/2.0\r\n", "NOTIFY sip:h SIP/2.0\r\n"},
		{"LPCNOTIFY sip:h SIP/2.0\r\n", "NOTIFY sip:h SIP/2.0\r\n"},
		{"x\nKDMQ sip:h SIP/2.0\r\n", "KDMQ sip:h SIP/2.0\r\n"},
		{"SIP/2.0 200 OK\r\nBYE sip:h SIP/2.0\r\n", "BYE sip:h SIP/2.0\r\n"}, // not the one at 0
		{"BYE sip:h SIP/2.0\r\nVia: x\r\n", ""},
		{"x\r\nBYE sip:h SIP/2", ""},
		{"x\r\nBYE sip:h SIP/2.0", "BYE sip:h SIP/2.0"},
		{"x SIP/2.0\r\n", ""},
		{"", ""},
	} {
		i := Resync([]byte(c.in))
		if got := ""; i >= 0 {
			if got = c.in[i:]; got != c.want || i == 0 {
				t.Errorf("%q: at %d %q, want %q", c.in, i, got, c.want)
			}
		} else if c.want != "" {
			t.Errorf("%q: none, want %q", c.in, c.want)
		}
	}
}

func TestIsStart(t *testing.T) {
	for _, s := range []string{"REGISTER sip:h SIP/2.0\r\n", "\r\n\r\nSIP/2.0 200 OK\r\n", "sip/2.0 200\n", "KDMQ x SIP/2.0\r\n", "OPTIONS sip:h SIP/7.0\r\n", "INVITE sip:alan@h\r\n", "INVITE <sip:alan@h>\r\n",
		"REG\x92STER sip:h SIP/2.0\r\n", "/NVITE <sip:h> SIP/2.0\r\n", "NOTIFY: sip:h SIP/2.0\r\n", "SUBSC\xffRIBE sip:h SIP/2.0\r\n", " REGISTER sip:h SIP/2.0\r\n", "\r\n\x00\x00SIP/2.0 200 OK\r\n",
		"REGISTER sip:ho", "SIP/2.0 2", "SUBSCRIBE tel:+1 SIP/2.0 \r\n"} {
		if !IsStart([]byte(s)) {
			t.Errorf("no: %q", s)
		}
	}
	for _, s := range []string{"", "\r\n", "\x80\x08", "REGISTER", "REGISTER h", "KDMQ x", "SIP/2.0 OK\r\n", "SIP/x", "GET sip:h HTTP/1.1\r\n", "Via: SIP/2.0\r\n", "REGISTER h\r\nsip:h SIP/2.0\r\n", "register sip:h\r\n",
		"RE\x92\x93STER sip:h SIP/2.0\r\n", "REG\x92STER sip:h\r\n", "REG\x92STER h SIP/2.0\r\n", "REG\x92STERX sip:h SIP/2.0\r\n", "<134>INVITE sip:h SIP/2.0\r\n",
		"\x92EGISTER sip:h SIP/2.0\r\n", "     REGISTER sip:h SIP/2.0\r\n"} {
		if IsStart([]byte(s)) {
			t.Errorf("yes: %q", s)
		}
	}
}

// A message that comes byte by byte must not cost more than a scan of its head for each byte; with
// the caps that is bounded, and this keeps it from growing unseen.
func TestFrameGrowing(t *testing.T) {
	msg := append([]byte("OPTIONS sip:h SIP/2.0\r\n"), bytes.Repeat([]byte("a: b\r\n"), 2000)...)
	msg = append(msg, "Content-Length: 20000\r\n\r\n"...)
	head := len(msg)
	msg = append(msg, bytes.Repeat([]byte("<"), 20000)...)
	calls := 0
	for n := 1; ; calls++ {
		k, need, err := Frame(msg[:n])
		if err != nil {
			t.Fatal(err)
		}
		if k > 0 {
			if k != len(msg) {
				t.Errorf("message of %d bytes, want %d", k, len(msg))
			}
			break
		}
		n += need
	}
	if calls > head+2 {
		t.Errorf("%d calls for a head of %d bytes: need is no hint", calls, head)
	}
}
