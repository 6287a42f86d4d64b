package sip

import (
	"bytes"
	"errors"
	"slices"
	"testing"
)

func FuzzParse(f *testing.F) {
	f.Add(register)
	f.Add([]byte(printed))
	f.Add([]byte(" \nOPTIONS sip:")) // a blank among the line ends before it
	for _, c := range torture {
		f.Add(crlf(c.msg))
	}
	for _, s := range messages {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		raw = slices.Clip(raw)
		var m, again Message
		if err := m.Parse(raw); err != nil {
			if IsStart(raw) {
				t.Fatalf("%v, but IsStart", err)
			}
			return
		}
		if !IsStart(raw) {
			t.Fatal("parsed, but not IsStart")
		}
		tiles(t, &m)
		spans(t, &m)
		for i := range m.Headers {
			if v := m.Headers[i].Value.In(raw); v == nil {
				t.Fatal("value outside the message")
			} else {
				typed(t, v)
			}
		}
		typed(t, m.RequestURI.In(raw))
		m.Check()
		spans(t, &m)

		// Printed and parsed once more, it is the same, down to the problems.
		printed := m.AppendTo(nil)
		if !bytes.Equal(printed, raw) {
			t.Fatal("printed another message")
		}
		again.Headers = append(again.Headers, Header{ID: HdrVia})
		if err := again.Parse(printed); err != nil {
			t.Fatal(err)
		}
		again.Check()
		if again.start != m.start || again.Body != m.Body || again.ContentLength != m.ContentLength || !slices.Equal(again.Headers, m.Headers) || !slices.Equal(again.Problems, m.Problems) {
			t.Fatal("parsed differently the second time")
		}

		// Cut in the middle, it neither panics nor reads behind the cut.
		cut := raw[: len(raw)/2 : len(raw)/2]
		if again.Parse(cut) == nil {
			again.Check()
			tiles(t, &again)
			spans(t, &again)
		}
		if again.ParseCut(cut) == nil {
			again.Check()
			tiles(t, &again)
			spans(t, &again)
		}
	})
}

// spans checks that all spans are inside the message.
func spans(t *testing.T, m *Message) {
	t.Helper()
	for _, p := range m.Problems {
		if p.Code == nil || p.Span.In(m.Raw) == nil {
			t.Fatalf("problem %+v is outside", p)
		}
	}
	if m.Body.In(m.Raw) == nil || m.Version.In(m.Raw) == nil || m.IsRequest && m.RequestURI.In(m.Raw) == nil || !m.IsRequest && m.Reason.In(m.Raw) == nil {
		t.Fatalf("span outside: %+v", m)
	}
}

// typed runs every typed parser over a value: lists must come to an end, and no slice may lie
// outside the value.
func typed(t *testing.T, v []byte) {
	t.Helper()
	in := func(what string, parts ...[]byte) {
		t.Helper()
		for _, b := range parts {
			// A slice of v has what is left of v as its capacity, or is a part cut from that.
			if off := cap(v) - cap(b); b != nil && (off < 0 || off+len(b) > len(v) || len(b) > 0 && &v[off] != &b[0]) {
				t.Fatalf("%s %q is no part of %q", what, b, v)
			}
		}
	}
	params := func(b []byte) {
		in("params", b)
		for p, rest, ok := NextParam(b); ok; p, rest, ok = NextParam(rest) {
			in("param", p.Name, p.Value, rest)
			if len(rest) >= len(b) {
				t.Fatalf("NextParam stands still at %q", b)
			}
			b = rest
		}
	}
	uri := func(b []byte) {
		u, _ := ParseURI(b)
		in("URI", u.Scheme, u.User, u.Password, u.Host, u.Port, u.Params, u.Headers)
	}
	for b, steps := v, 0; ; steps++ {
		c, rest, ok := NextContact(b)
		_, rest2, ok2 := NextVia(b)
		_, rest3, ok3 := NextSecurity(b)
		_, rest4, ok4 := NextNameAddr(b)
		if ok != ok2 || ok != ok3 || ok != ok4 || len(rest) != len(rest2) || len(rest) != len(rest3) || len(rest) != len(rest4) {
			t.Fatalf("lists are cut differently: %q", b)
		}
		if !ok {
			break
		}
		if steps > len(v) || len(rest) >= len(b) {
			t.Fatalf("list does not end: %q", v)
		}
		in("Contact", c.Display, c.URI, c.Params, c.Q, c.Instance, c.RegID, c.PubGRUU, c.TempGRUU, rest)
		params(c.Params)
		uri(c.URI)
		b = rest
	}
	na, _ := ParseNameAddr(v)
	in("NameAddr", na.Display, na.URI, na.Params)
	via, _ := ParseVia(v)
	in("Via", via.Transport, via.Host, via.Port, via.Branch, via.Received, via.RPort, via.Comp, via.Params)
	params(via.Params)
	_, method, _ := ParseCSeq(v)
	in("CSeq", method)
	a, _ := ParseAuth(v)
	in("Auth", a.Scheme, a.Username, a.Realm, a.Nonce, a.URI, a.Response, a.Algorithm, a.CNonce, a.NC, a.QOP, a.Opaque, a.Stale, a.Domain, a.AUTS, a.IK, a.CK, a.IntegrityProtected, a.Params)
	if p, ok := AuthParam(v, "integrity-protected"); !bytes.Equal(p, a.IntegrityProtected) || ok != (a.IntegrityProtected != nil) {
		t.Fatalf("AuthParam gives %q, ParseAuth %q", p, a.IntegrityProtected)
	}
	s, _ := ParseSecurity(v)
	in("Security", s.Name, s.Q, s.Alg, s.EAlg, s.Prot, s.Mod, s.Params)
	e, _ := ParseEvent(v)
	in("Event", e.Package, e.ID, e.Params)
	ss, _ := ParseSubscriptionState(v)
	in("Subscription-State", ss.State, ss.Reason, ss.Params)
	cv, _ := ParseChargingVector(v)
	in("P-Charging-Vector", cv.ICID, cv.GeneratedAt, cv.OrigIOI, cv.TermIOI, cv.TransitIOI)
	if n, ok := ParseDeltaSeconds(v); n < 0 || n > MaxDeltaSeconds || !ok && n != 0 {
		t.Fatalf("seconds %d %v", n, ok)
	}
	ParseDate(v)
	uri(v)
	if u := Unfold(nil, v); len(u) > len(v) || bytes.IndexByte(u, '\n') >= 0 {
		t.Fatalf("Unfold(%q) = %q", v, u)
	}
}

// FuzzFrame cuts a stream into arbitrary pieces: the messages must be those of the whole, and no
// message may be larger than its limits.
func FuzzFrame(f *testing.F) {
	var all []byte
	for _, s := range messages {
		all = append(all, s...)
	}
	f.Add(all, []byte{1})
	f.Add(all, []byte{7, 200, 3})
	f.Add([]byte("junk\r\nmore junk SIP/2.0\r\n"+messages[0]), []byte{5})
	f.Add(register, []byte{100})
	f.Fuzz(func(t *testing.T, stream, steps []byte) {
		whole := frames(t, stream, nil)
		pieces := frames(t, stream, steps)
		if !slices.EqualFunc(whole, pieces, bytes.Equal) {
			t.Fatalf("whole gives %q\npieces give %q", whole, pieces)
		}
	})
}

// frames reads all messages of a stream that arrives in pieces of the given sizes, over and over; in one
// piece without sizes. At the first damage it stops, since where Resync goes on depends on what is there.
func frames(t *testing.T, stream, steps []byte) (out [][]byte) {
	var m Message
	for from, to, i := 0, 0, 0; ; {
		if len(steps) == 0 {
			to = len(stream)
		}
		n, need, err := Frame(stream[from:to])
		switch {
		case err != nil:
			if n != 0 || need != 0 || !errors.Is(err, ErrNotSIP) && !errors.Is(err, ErrTooLong) {
				t.Fatalf("%d %d %v", n, need, err)
			}
			if k := Resync(stream[from:to]); k == 0 || k >= to-from {
				t.Fatalf("Resync gives %d of %d", k, to-from)
			}
			return out
		case n > 0:
			if need != 0 || n > to-from || n > maxKeepAlive+MaxHeaderBytes+MaxBodyBytes {
				t.Fatalf("%d of %d bytes, need %d", n, to-from, need)
			}
			if err := m.ParseStream(stream[from : from+n]); err != nil {
				t.Fatalf("framed, but %v: %q", err, stream[from:from+n])
			}
			out = append(out, stream[from:from+n])
			from += n
		case need < 1:
			t.Fatal("neither a message nor a need")
		case to == len(stream):
			return out
		default:
			to = min(len(stream), to+1+int(steps[i%len(steps)]))
			i++
		}
	}
}
