package rules_test

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"path"
	"slices"
	"strings"
	"testing"

	"imscope/correlate"
	"imscope/correlate/finding"
	"imscope/correlate/finding/rules"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/decode/problem"
	"imscope/samples"
)

// The rules about reg subscriptions, their NOTIFYs and documents.
var documentRules = []string{
	"contact-not-announced", "end-not-acknowledged", "no-notify-after-ppr", "no-notify-after-refresh", "no-notify-after-rtr",
	"no-notify-after-subscribe", "no-notify-on-unsubscribe", "notify-after-rejection", "notify-after-terminated",
	"notify-before-200", "notify-dialog-uri", "notify-fragments-lost", "notify-second-notifier", "notify-unanswered-again",
	"notify-without-change", "notify-without-icid", "notify-without-subscription-state", "notify-wrong-event",
	"phone-away-after-deactivated", "phone-back-after-rejected", "phone-calls-unregistered", "phone-ignores-retry-after",
	"register-200-lists-stale-contact", "register-200-omits-binding",
	"reginfo-active-without-contact", "reginfo-aor-invalid", "reginfo-aor-twice", "reginfo-contact-id-changed",
	"reginfo-contact-is-as", "reginfo-contact-uri-changed", "reginfo-contact-vanished", "reginfo-contradicts-200",
	"reginfo-event-against-state", "reginfo-event-contradicts-request", "reginfo-event-contradicts-rtr",
	"reginfo-event-without-time", "reginfo-expiry-short", "reginfo-first-version", "reginfo-gruu-unasked", "reginfo-id-is-pointer",
	"reginfo-identities-missing", "reginfo-idle-attribute", "reginfo-init-with-contacts", "reginfo-partial-first",
	"reginfo-q-invented", "reginfo-refresh-as-registered", "reginfo-registration-id-changed", "reginfo-revived-as-refreshed",
	"reginfo-stale-contact", "reginfo-terminated-with-active-contact", "reginfo-terminated-without-contacts",
	"reginfo-unregistered-without-request", "reginfo-version-frozen", "reginfo-version-gap", "reginfo-version-regression",
	"subscribe-200-contact", "subscribe-for-emergency", "subscribe-ignores-service-route", "subscribe-in-dialog-rejected",
	"subscribe-rejected", "subscribe-without-contact", "subscription-active-after-network-end",
	"subscription-active-after-user-end", "subscription-expired-silently", "subscription-repeated", "tel-uri-malformed",
	"watcher-not-told",
}

// findings analyses a sample as the program does, without the records that keep refuses.
func findings(t *testing.T, name string, keep func(i int, r *decode.Record) bool) []finding.Finding {
	t.Helper()
	data, err := samples.FS.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	e := correlate.NewEngine(correlate.Options{})
	src := capture.NewReader(bytes.NewReader(data), name)
	n := 0
	stats, err := decode.Run(context.Background(), src, decode.Options{Check: true}, func(r *decode.Record) error {
		if keep(n, r) {
			e.Observe(r)
		}
		n++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return e.Close(nil, stats).Findings
}

func everything(int, *decode.Record) bool { return true }

func TestHealthySamples(t *testing.T) {
	for _, name := range []string{"user-initiated.pcapng", "network-initiated.pcapng"} {
		for _, f := range findings(t, name, everything) {
			if f.Severity > problem.Info || slices.Contains(documentRules, f.Rule) {
				t.Errorf("%s: %s %s in frames %v: %s", name, f.Severity, f.Rule, f.Frames, f.Detail)
			}
		}
	}
}

// A capture that lacks a message, begins late, ends early or was made at one place only shows no fault
// that is not there: what it does not hold was not captured.
func TestSamplesInPart(t *testing.T) {
	for _, s := range samples.List() {
		name := s.Name
		if path.Base(name) == "real-two-phones.pcapng" || path.Base(name) == "damaged.pcapng" {
			continue // the former is the same as the pcap
		}
		n, places := 0, map[netip.Addr]bool{}
		findings(t, name, func(i int, r *decode.Record) bool {
			n = i + 1
			places[r.Src.Addr()], places[r.Dst.Addr()] = true, true
			return true
		})
		check := func(what string, keep func(i int, r *decode.Record) bool) {
			for _, f := range findings(t, name, keep) {
				known := strings.Contains(habits[path.Base(name)], fmt.Sprint(f.Severity, " ", f.Rule))
				unsure := f.Severity == problem.Warning && f.Doubt != "" // of an error
				if f.Severity > problem.Info && slices.Contains(documentRules, f.Rule) && !known && !unsure {
					t.Errorf("%s, %s: %s %s in frames %v: %s (%s)", name, what, f.Severity, f.Rule, f.Frames, f.Detail, f.Doubt)
				}
			}
		}
		step := 1
		if path.Dir(name) != "." {
			step = 5 // they take longer
		}
		for k := 0; k < n; k += step {
			check(fmt.Sprint("without record ", k), func(i int, _ *decode.Record) bool { return i != k })
			check(fmt.Sprint("from record ", k), func(i int, _ *decode.Record) bool { return i >= k })
			check(fmt.Sprint("up to record ", k), func(i int, _ *decode.Record) bool { return i <= k })
		}
		for a := range places {
			check(fmt.Sprint("at ", a), func(_ int, r *decode.Record) bool { return r.Src.Addr() == a || r.Dst.Addr() == a })
			check(fmt.Sprint("from ", a), func(_ int, r *decode.Record) bool { return r.Src.Addr() == a })
			check(fmt.Sprint("to ", a), func(_ int, r *decode.Record) bool { return r.Dst.Addr() == a })
			check(fmt.Sprint("without ", a), func(_ int, r *decode.Record) bool { return r.Src.Addr() != a && r.Dst.Addr() != a })
		}
		check("requests", func(_ int, r *decode.Record) bool { return r.SIP == nil || r.SIP.IsRequest })
		check("responses", func(_ int, r *decode.Record) bool { return r.SIP == nil || !r.SIP.IsRequest })
		check("without Cx", func(_ int, r *decode.Record) bool { return r.SIP != nil })
	}
}

// What the rules say about captures of real servers: their known habits, and nothing else.
var habits = map[string]string{
	// Misprints of the chapter: an id, two addresses.
	"damaged.pcapng": `
		info reginfo-contact-uri-changed
		info reginfo-first-version
		warning reginfo-registration-id-changed`,
	// A phone leaves: the NOTIFY says expired under the id 0x1 and active in Subscription-State.
	"real-user-initiated-cooked.pcap": `
		info reginfo-contact-id-changed
		info reginfo-event-contradicts-request
		info reginfo-first-version
		info reginfo-id-is-pointer
		info reginfo-idle-attribute
		info reginfo-q-invented
		warning subscription-active-after-user-end`,
	// RTR: all registrations end without their contacts.
	"real-network-rtr.pcap": `
		info reginfo-first-version
		info reginfo-id-is-pointer
		info reginfo-q-invented
		warning reginfo-terminated-without-contacts
		warning subscription-active-after-network-end`,
	"real-network-rtr-cooked2.pcap": `
		info reginfo-first-version
		info reginfo-id-is-pointer
		info reginfo-q-invented
		warning reginfo-terminated-without-contacts
		warning subscription-active-after-network-end`,
	// The tablet stays, so all subscriptions do.
	"real-two-phones.pcap": `
		info contact-not-announced
		info reginfo-contact-id-changed
		info reginfo-event-contradicts-request
		info reginfo-first-version
		info reginfo-id-is-pointer
		info reginfo-idle-attribute
		info reginfo-q-invented
		info reginfo-refresh-as-registered
		info register-200-omits-binding
		info subscription-repeated`,
	"real-two-phones.pcapng": `
		info contact-not-announced
		info reginfo-contact-id-changed
		info reginfo-event-contradicts-request
		info reginfo-first-version
		info reginfo-id-is-pointer
		info reginfo-idle-attribute
		info reginfo-q-invented
		info reginfo-refresh-as-registered
		info register-200-omits-binding
		info subscription-repeated`,
	// A real expiry keeps the real id and is told to everybody.
	"real-refresh-expiry.pcap": `
		info reginfo-first-version
		info reginfo-id-is-pointer
		info reginfo-idle-attribute
		info reginfo-q-invented
		info reginfo-refresh-as-registered
		info subscription-repeated
		warning subscription-active-after-network-end`,
	"real-tcp-pieces.pcap": `
		info reginfo-contact-id-changed
		info reginfo-event-contradicts-request
		info reginfo-first-version
		info reginfo-id-is-pointer
		info reginfo-idle-attribute
		info reginfo-q-invented
		info reginfo-refresh-as-registered
		info subscription-repeated
		warning subscription-active-after-user-end`,
	// A plain registrar need not end subscriptions with the registration.
	"real-presence.pcap": `
		info reginfo-contact-vanished
		info reginfo-id-is-pointer
		info reginfo-idle-attribute
		warning reginfo-version-frozen`,
	// No REGISTER in it: whether anybody had asked cannot be said.
	"real-presence-deactivated.pcap": `
		info reginfo-idle-attribute
		info reginfo-unregistered-without-request`,
}

func TestHabitsOfRealServers(t *testing.T) {
	for _, s := range samples.List() {
		var got []string
		for _, f := range findings(t, s.Name, everything) {
			if line := fmt.Sprint(f.Severity, " ", f.Rule); slices.Contains(documentRules, f.Rule) && !slices.Contains(got, line) {
				got = append(got, line)
			}
		}
		slices.Sort(got)
		want := strings.Split(strings.TrimSpace(strings.ReplaceAll(habits[path.Base(s.Name)], "\t", "")), "\n")
		if got := strings.Join(got, "\n"); got != strings.Join(want, "\n") {
			t.Errorf("%s:\n%s\nwant:\n%s", s.Name, got, strings.Join(want, "\n"))
		}
	}
}

func TestDocumentRulesExist(t *testing.T) {
	for _, code := range documentRules {
		if rules.Find(code) == nil {
			t.Errorf("no rule %s", code)
		}
	}
}
