package rules_test

import (
	"bytes"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"imscope/correlate/finding"
	"imscope/decode"
	"imscope/decode/problem"
	"imscope/decode/sip"
)

// is reports whether a record is a SIP message that contains all these words.
func is(r *decode.Record, words ...string) bool {
	if r.SIP == nil {
		return false
	}
	for _, w := range words {
		if !bytes.Contains(r.SIP.Raw, []byte(w)) {
			return false
		}
	}
	return true
}

// rewrite changes the words of a SIP message on its way.
func rewrite(t *testing.T, r *decode.Record, old, new string) {
	t.Helper()
	raw := bytes.ReplaceAll(r.SIP.Raw, []byte(old), []byte(new))
	if bytes.Equal(raw, r.SIP.Raw) {
		t.Errorf("frame %d has no %q", r.Frame, old)
	}
	r.SIP = parsed(t, raw)
}

// challengeInstead makes the 200 to a REGISTER a 401.
func challengeInstead(t *testing.T, r *decode.Record) {
	t.Helper()
	rewrite(t, r, "SIP/2.0 200 OK", "SIP/2.0 401 Unauthorized")
	rewrite(t, r, "\r\nCSeq:", "\r\nSecurity-Server: ipsec-3gpp;alg=hmac-sha-1-96;spi-c=1;spi-s=2;port-c=3;port-s=4\r\nWWW-Authenticate: Digest realm=\"home1.fr\", nonce=\"new\", algorithm=AKAv1-MD5\r\nCSeq:")
}

func parsed(t *testing.T, raw []byte) *sip.Message {
	m := new(sip.Message)
	if err := m.Parse(raw); err != nil {
		t.Fatal(err)
	}
	return m
}

// A healthy flow with one thing broken: the rule for it fires, and no other one cries error.
func TestMutations(t *testing.T) {
	phone := netip.MustParseAddr("5555::1:2:3:4")
	gm := func(r *decode.Record) bool { return r.Src.Addr() == phone || r.Dst.Addr() == phone }
	sar := func(r *decode.Record) bool { return r.Diameter != nil && r.Diameter.Command == 301 }
	last := func(r *decode.Record) bool { return r.Frame == 210 }
	for _, tt := range []struct {
		name, rule, severity string
		edit                 func(r *decode.Record) bool
	}{
		{"200 to the first registration is lost on Gm, the phone does not repeat it", "answer-not-delivered", "warning", func(r *decode.Record) bool {
			return !(gm(r) && is(r, "SIP/2.0 200", "\nCSeq: 48 REGISTER")) && (r.Frame <= 34 || last(r))
		}},
		{"200 to the de-registration is lost on Gm, the phone does not repeat it", "answer-not-delivered", "info", func(r *decode.Record) bool {
			if last(r) {
				r.Time += int64(time.Minute)
			}
			return !(gm(r) && is(r, "SIP/2.0 200", "\nCSeq: 49 REGISTER"))
		}},
		{"nobody answers the de-registration, nobody asks again", "register-unanswered", "info", func(r *decode.Record) bool {
			if last(r) {
				r.Time += int64(time.Minute)
			}
			return !is(r, "SIP/2.0 200", "\nCSeq: 49 REGISTER")
		}},
		{"integrity-protected is lost and the de-registration is challenged", "integrity-protected-missing", "error", func(r *decode.Record) bool {
			switch {
			case is(r, "REGISTER sip", "\nCSeq: 49 REGISTER") && !gm(r):
				rewrite(t, r, `, integrity-protected="yes"`, "")
			case is(r, "SIP/2.0 200", "\nCSeq: 49 REGISTER"):
				challengeInstead(t, r)
			}
			return true
		}},
		{"the de-registration is challenged and given up", "dereg-challenged-and-given-up", "warning", func(r *decode.Record) bool {
			if last(r) {
				r.Time += int64(time.Minute)
			}
			if is(r, "SIP/2.0 200", "\nCSeq: 49 REGISTER") {
				challengeInstead(t, r)
			}
			return r.Frame <= 182 || last(r) // and nothing comes of it
		}},
		{"the 200 leaves the binding in", "dereg-ignored", "warning", func(r *decode.Record) bool {
			if is(r, "SIP/2.0 200", "\nCSeq: 49 REGISTER") {
				rewrite(t, r, "\r\nContact: ", "\r\nContact: <sip:[5555::1:2:3:4]:1357;comp=sigcomp>;expires=597000, ")
			}
			return r.Frame <= 182
		}},
		{"the HSS is not told", "sar-missing", "warning", func(r *decode.Record) bool {
			if last(r) {
				r.Time += int64(time.Minute)
			}
			return !(sar(r) && r.Frame > 173)
		}},
		{"the keys go to the phone", "keys-leaked", "error", func(r *decode.Record) bool {
			if gm(r) && is(r, "SIP/2.0 401", "\nCSeq: 47 REGISTER") {
				rewrite(t, r, "algorithm=AKAv1-MD5", `algorithm=AKAv1-MD5, ck="b40ba9a3c58b2a05bbf0d987b21bf8cb"`)
			}
			return true
		}},
		{"the 401 has no Security-Server", "security-server-missing", "warning", func(r *decode.Record) bool {
			if gm(r) && is(r, "SIP/2.0 401", "\nCSeq: 47 REGISTER") {
				rewrite(t, r, "Security-Server", "X-Lost")
			}
			return true
		}},
		{"Security-Verify has another port", "security-verify-mismatch", "error", func(r *decode.Record) bool {
			if gm(r) && is(r, "REGISTER sip", "\nCSeq: 48 REGISTER") {
				rewrite(t, r, "port-c=8644", "port-c=8645")
			}
			return true
		}},
		{"other algorithms are chosen", "security-algorithm-not-offered", "error", func(r *decode.Record) bool {
			if gm(r) && is(r, "SIP/2.0 401", "\nCSeq: 47 REGISTER") || is(r, "Security-Verify") {
				old := "ipsec-3gpp;q=0.1;alg=hmac-sha-1-96"
				rewrite(t, r, old, "ipsec-3gpp;q=0.1;alg=hmac-md5-96")
			}
			return true
		}},
		{"no Path", "path-missing", "error", func(r *decode.Record) bool {
			if is(r, "\r\nPath:") {
				rewrite(t, r, "\r\nPath:", "\r\nX-Lost:")
			}
			return true
		}},
		{"the registrar does not echo the Path", "path-not-echoed", "warning", func(r *decode.Record) bool {
			if is(r, "SIP/2.0 200", "\r\nPath:") {
				rewrite(t, r, "\r\nPath:", "\r\nX-Lost:")
			}
			return true
		}},
		{"the 200 grants nothing", "accepted-without-binding", "error", func(r *decode.Record) bool {
			if is(r, "SIP/2.0 200", "\nCSeq: 48 REGISTER") {
				rewrite(t, r, "expires=600000", "expires=0")
			}
			return true
		}},
		{"one branch for two REGISTERs", "branch-reused", "info", func(r *decode.Record) bool {
			if is(r, "z9hG4bK48ueth") {
				rewrite(t, r, "z9hG4bK48ueth", "z9hG4bK47ueth")
			}
			return true
		}},
		{"the phone says that it is protected", "integrity-protected-from-phone", "warning", func(r *decode.Record) bool {
			if gm(r) && is(r, "REGISTER sip", "\nCSeq: 49 REGISTER") {
				rewrite(t, r, "algorithm=AKAv1-MD5", `algorithm=AKAv1-MD5, integrity-protected="yes"`)
			}
			return true
		}},
		{"the phone does not answer the challenge", "silent-after-challenge", "error", func(r *decode.Record) bool {
			return r.Frame <= 22 || last(r)
		}},
		{"the answer to the challenge is rejected", "register-rejected", "error", func(r *decode.Record) bool {
			if is(r, "SIP/2.0 200", "\nCSeq: 48 REGISTER") {
				rewrite(t, r, "SIP/2.0 200 OK", "SIP/2.0 403 Forbidden")
			}
			return r.Frame <= 40
		}},
		{"Path with two lr", "route-malformed", "warning", func(r *decode.Record) bool {
			if is(r, "\r\nPath: <sip:term@pcscf1.visited1.fi;lr>") {
				rewrite(t, r, "term@pcscf1.visited1.fi;lr>", "term@pcscf1.visited1.fi;lr;lr>")
			}
			return true
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fired := false
			for _, f := range judge(t, "user-initiated.pcapng", tt.edit) {
				switch {
				case f.Rule == tt.rule:
					fired = true
					if f.Severity.String() != tt.severity {
						t.Errorf("%s, want %s", word(f), tt.severity)
					}
				case f.Severity >= problem.Error:
					t.Errorf("beside it: %s", word(f))
				}
			}
			if !fired {
				t.Errorf("%s does not fire", tt.rule)
			}
		})
	}
}

func word(f finding.Finding) string {
	return fmt.Sprintf("%s %s %v %s (%s)", f.Severity, f.Rule, f.Frames, f.Detail, f.Doubt)
}
