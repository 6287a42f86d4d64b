package rules_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"imscope/correlate"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/samples"
)

func TestScratch(t *testing.T) {
	for _, s := range samples.List() {
		data, err := samples.FS.ReadFile(s.Name)
		if err != nil {
			t.Fatal(err)
		}
		e := correlate.NewEngine()
		src := capture.NewReader(bytes.NewReader(data), s.Name)
		st, err := decode.Run(context.Background(), src, decode.Options{Check: true}, func(r *decode.Record) error { e.Observe(r); return nil })
		if err != nil {
			t.Fatal(err)
		}
		rep := e.Close(src.Files(), st)
		fmt.Println("=====", s.Name, rep.Stats.Problems)
		for u := range rep.Users() {
			fmt.Println("user", u.ID, u.PublicIdentities)
			for _, d := range u.Deregistrations {
				fmt.Println("  dereg", d.Initiator, d.Outcome, d.Scope, d.TriggerFrame, d.Contacts, d.Cause, "| missing", d.Missing)
				for _, td := range d.Told {
					fmt.Printf("     told %+v\n", td)
				}
			}
			for _, s := range u.Subscriptions {
				fmt.Println("  sub", s.Watcher, s.WatcherURI, s.WatcherNode, s.CallID, s.State, s.Reason, "mid", s.MidDialog, "exp", s.Expires)
				for _, x := range s.Exchanges {
					f := x.Final()
					code := 0
					if f != nil {
						code = f.Status
					}
					if x.Subscribe != nil {
						fmt.Printf("    #%d SUBSCRIBE cseq %d totag %q exp %d granted %d -> %d  %+v\n", x.FirstFrame(), x.CSeq, x.ToTag, x.Subscribe.Expires, x.Subscribe.Granted, code, *x.Subscribe)
						continue
					}
					n := x.Notify
					fmt.Printf("    #%d NOTIFY cseq %d %s;%s;%d -> %d from %s to %s ruri %s hops %d rep %d\n", x.FirstFrame(), x.CSeq, n.State, n.Reason, n.Expires, code, x.From.Raw, x.To.Raw, x.RequestURI, len(x.Request.Hops), x.Request.Repeats())
					if n.Document != nil {
						fmt.Printf("       v%d %s\n", n.Document.Version, n.Document.State)
						for _, r := range n.Document.Registrations {
							fmt.Printf("         %s id=%s %s\n", r.AOR.Raw, r.ID, r.State)
							for _, c := range r.Contacts {
								fmt.Printf("             id=%s %s %s %s exp=%d retry=%d inst=%q callid=%q cseq=%d\n", c.ID, c.URI, c.State, c.Event, c.Expires, c.Retry, c.Instance, c.CallID, c.CSeq)
							}
						}
					}
				}
			}
		}
		for _, f := range rep.Findings {
			fmt.Println("  FINDING", f.Severity, f.Rule, f.Frames, f.Detail, f.Doubt)
		}
	}
}
