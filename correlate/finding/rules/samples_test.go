package rules_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"imscope/correlate"
	"imscope/correlate/finding"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/decode/problem"
	"imscope/samples"
)

// judge lets all rules look at a sample. edit may change or drop records on their way.
func judge(t *testing.T, name string, edit func(*decode.Record) bool) []finding.Finding {
	t.Helper()
	f, err := samples.FS.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	src := capture.NewReader(f, name)
	defer src.Close()
	e := correlate.NewEngine(correlate.Options{})
	whole := true
	stats, err := decode.Run(context.Background(), src, decode.Options{}, func(r *decode.Record) error {
		keep := edit == nil || edit(r)
		if keep {
			e.Observe(r)
		}
		whole = keep // the capture ends with what is kept
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	files := src.Files()
	if !whole {
		files = nil
	}
	return e.Close(files, stats).Findings
}

// registration are the codes of the rules about registration and de-registration. The others are about
// reg subscriptions and their documents.
var registration = strings.Fields(`
	accepted-without-binding answer-not-delivered answer-on-old-association answer-outside-esp as-not-told as-
	refuses-register auth-resync auts-not-forwarded branch-reused challenge-loop challenge-repeated cx-
	unanswered dereg-by-other-identity dereg-challenged-and-given-up dereg-ignored dereg-refused-by-hss dereg-
	rejected edge-lost-binding edge-refuses-registration expired-without-refresh expires-shrinks forbidden-
	hides-hss-failure ghost-contacts grant-differs-from-reginfo granted-more-than-asked implicit-identity-not-
	registered integrity-protected-from-phone integrity-protected-missing interval-too-brief-ignored interval-
	too-brief-unfounded keys-leaked live-device-deregistered network-dereg-unprotected network-not-authenticated
	no-challenge-after-rtr old-expiry-ends-new-contact path-missing path-not-echoed query-taken-for-dereg
	refresh-did-not-extend refresh-too-late refused-by-hss register-loop register-not-forwarded register-races-
	dereg register-rejected register-unanswered register-uri-malformed registered-after-permanent-termination
	registrar-lost-state registration-failed-at-hss request-outside-esp retransmitted retry-after-ignored route-
	malformed rtr-refused sar-authentication-failed sar-dereg-without-request sar-failed sar-missing security-
	algorithm-not-offered security-server-missing security-verify-mismatch service-route-not-followed silent-
	after-challenge star-misused stray-mar subscribe-unanswered transport-switched uar-type-mismatch wildcard-
	address
`)

func TestCleanSamples(t *testing.T) {
	for _, name := range []string{"user-initiated.pcapng", "network-initiated.pcapng"} {
		for _, f := range judge(t, name, nil) {
			if f.Severity > problem.Info {
				t.Errorf("%s: %s %s in frames %v: %s", name, f.Severity, f.Rule, f.Frames, f.Detail)
			}
		}
	}
}

// What the rules about registration and de-registration say about each sample, complete.
func TestSamples(t *testing.T) {
	const tenPerCent = "200: 540000 s, reginfo: 600000 s"
	want := map[string][]string{
		"damaged.pcapng": { // every registration there uses the chapter's one vector
			"warning challenge-repeated [46 4] same nonce as in frame 4",
			`warning integrity-protected-from-phone [30] the device wrote integrity-protected; on Mw it says "yes"`,
			"warning register-uri-malformed [30] sip:[5555:1:2:3:4]:1357;comp=sigcomp",
		},
		"real/real-two-phones.pcap":            {"info grant-differs-from-reginfo [44 33] " + tenPerCent},
		"real/real-two-phones.pcapng":          {"info grant-differs-from-reginfo [44 33] " + tenPerCent},
		"real/real-network-rtr.pcap":           {"info grant-differs-from-reginfo [46 34] " + tenPerCent},
		"real/real-network-rtr-cooked2.pcap":   {"info grant-differs-from-reginfo [24 16] " + tenPerCent},
		"real/real-user-initiated-cooked.pcap": {"info grant-differs-from-reginfo [24 15] " + tenPerCent},
		"real/real-tcp-pieces.pcap": {
			"info grant-differs-from-reginfo [146 133] " + tenPerCent,
			"info grant-differs-from-reginfo [78 64] " + tenPerCent,
		},
		"real/real-refresh-expiry.pcap": {
			"warning expired-without-refresh [100 101 103 104 105 106] the granted time ran out",
			"warning sar-missing [100] no SAR after the de-registration (expiry)",
		},
		"real/real-presence.pcap": {
			"info expired-without-refresh [31 32 33 34] the granted time ran out; the user is still reachable through another contact",
		},
	}
	for _, s := range samples.List() {
		t.Run(s.Name, func(t *testing.T) {
			var got []string
			for _, f := range judge(t, s.Name, nil) {
				if slices.Contains(registration, f.Rule) {
					got = append(got, fmt.Sprintf("%s %s %v %s", f.Severity, f.Rule, f.Frames, f.Detail))
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, want[s.Name]) {
				t.Errorf("findings:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want[s.Name], "\n"))
			}
		})
	}
}

// A healthy capture that begins or ends in the middle, or shows one direction only, is no broken network;
// one that lost a packet is none to cry error about.
func TestCutSamples(t *testing.T) {
	for _, name := range []string{"user-initiated.pcapng", "network-initiated.pcapng", "real/real-two-phones.pcap", "real/real-network-rtr-cooked2.pcap"} {
		last := uint32(0)
		judge(t, name, func(r *decode.Record) bool { last = r.Frame; return true })
		check := func(what string, allowed problem.Severity, keep func(r *decode.Record) bool) {
			for _, f := range judge(t, name, keep) {
				if f.Severity > allowed && slices.Contains(registration, f.Rule) {
					t.Errorf("%s %s: %s", name, what, word(f))
				}
			}
		}
		for k := uint32(1); k < last; k++ {
			check(fmt.Sprint("up to ", k), problem.Info, func(r *decode.Record) bool { return r.Frame <= k })
			check(fmt.Sprint("from ", k), problem.Info, func(r *decode.Record) bool { return r.Frame >= k })
			check(fmt.Sprint("without ", k), problem.Warning, func(r *decode.Record) bool { return r.Frame != k })
			if testing.Short() {
				k += 10
			}
		}
		check("requests", problem.Info, func(r *decode.Record) bool {
			return r.SIP != nil && r.SIP.IsRequest || r.Diameter != nil && r.Diameter.Request
		})
		check("responses", problem.Info, func(r *decode.Record) bool {
			return r.SIP != nil && !r.SIP.IsRequest || r.Diameter != nil && !r.Diameter.Request
		})
	}
}
