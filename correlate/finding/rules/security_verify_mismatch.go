package rules

import (
	"fmt"
	"iter"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/finding/internal/few"
	"imscope/decode/problem"
)

var _ = rule(&finding.Rule{
	Code:     "security-verify-mismatch",
	Title:    "Security-Verify is not what the P-CSCF had sent as Security-Server",
	Severity: problem.Error,
	Clause:   "RFC 3329 2.3.1",
	Failures: []string{"F57"},
	Actor:    finding.ActorUE,
	Seen:     "The REGISTER that answers a 401 with Security-Server has no Security-Verify or another list in it; or so has a later one in ESP, without a challenge; or the P-CSCF answers 494.",
	Means:    "Either somebody on the way took the better mechanism out of the list, which the header exists to show, or one side has mixed up its lists. The P-CSCF must refuse with 494.",
	Next:     "Compare both lists entry by entry; order, case and q do not count. Look whether the REGISTER answers an older 401.",
	Example:  "Security-Server: …port-s=7531, Security-Verify: …port-s=7533.",
	Check: func(c *finding.Case, report func(finding.Hit)) {
		for r, d := range disagreements(c) {
			h := finding.Hit{Frames: []uint32{r.Frame()}, Detail: d.why}
			if r.Status() == 494 || r.Status() == 421 {
				h.Frames[0] = r.Final.Last().Frame
				h.Detail = "answered " + statusLine(r.Final)
				if d.why != "" {
					h.Detail += ": " + d.why
				}
				if r.Next != nil && (r.Next.OK() || r.Next.Challenged()) {
					h.Detail += ", the device goes on with what it was told"
					h.Mild, h.HasMild = problem.Info, true
				}
			}
			if d.asked != nil {
				h.Frames = append(h.Frames, d.asked.Final.Last().Frame)
			}
			if s := r.Status(); s >= 400 && !r.Challenged() && s != 494 && s != 421 {
				h.Frames = append(h.Frames, r.Final.Last().Frame)
				h.Detail += ", answered " + statusLine(r.Final)
			}
			report(h)
		}
	},
})

// association is a security association by which a phone sends; spi is 0 for the newest.
type association struct {
	phone string
	spi   uint32
}

// disagreement is what is wrong with the Security-Verify of a REGISTER.
type disagreement struct {
	why   string         // "" where the P-CSCF alone says that something is
	asked *finding.Round // whose answer has the Security-Server to repeat, nil if it was not challenged
}

// disagreements yields the REGISTERs whose Security-Verify is not what it must be.
func disagreements(c *finding.Case) iter.Seq2[*finding.Round, disagreement] {
	return func(yield func(*finding.Round, disagreement) bool) {
		// The agreements in force: a phone has one for each of its registrations, and messages in ESP name theirs.
		var current few.Map[association, fact.Mechanisms]
		for _, r := range c.Rounds() {
			p := r.Prev
			var asked, said fact.Mechanisms
			if p != nil && p.Challenged() && p.Register.Security != nil {
				asked = p.Register.Security.Server
			} else {
				p = nil
			}
			gm, ok := fromPhone(c, r.Exchange)
			if !ok {
				continue
			}
			node := c.Addr(gm.Src)
			over, esp := spi(c, gm)
			inForce := current.Get(association{node, over})
			later := !asked.Seen() && inForce.Seen() && esp
			refused := r.Status() == 494 || r.Status() == 421
			if !asked.Seen() && !later && !refused {
				continue
			}
			if r.Register.Security != nil {
				said = r.Register.Security.Verify
			}
			why := ""
			switch {
			case asked.Seen() && r.Register.HasAuth && !said.Seen() && (r.Register.AUTS || !r.Register.Response):
				// What refuses the challenge sets no association up and goes without (TS 24.229 5.1.1.5.3).
			case asked.Seen() && r.Register.HasAuth && !said.Seen():
				why = "the answer to the challenge has no Security-Verify"
			case asked.Seen() && said.Seen() && said.Sum != asked.Sum && said.Sum != inForce.Sum:
				why = "Security-Verify differs from Security-Server: " + difference(&said, &asked)
			case later && !said.Seen():
				why = "a REGISTER over the security association has no Security-Verify"
			case later && said.Sum != inForce.Sum:
				why = "Security-Verify is not that of the security association in use: " + difference(&said, &inForce)
			}
			if (why != "" || refused) && !yield(r, disagreement{why, p}) {
				return
			}
			if asked.Seen() && r.OK() {
				for _, over := range [...]uint32{0, asked.SPIC, asked.SPIS} {
					current.Put(association{node, over}, asked)
				}
			}
		}
	}
}

// difference spells in what two lists of mechanisms differ.
func difference(said, asked *fact.Mechanisms) string {
	if said.Offers != asked.Offers {
		return said.Offers + " against " + asked.Offers
	}
	var out []string
	for _, f := range [...]struct {
		name        string
		said, asked uint32
	}{
		{"spi-c", said.SPIC, asked.SPIC}, {"spi-s", said.SPIS, asked.SPIS},
		{"port-c", uint32(said.PortC), uint32(asked.PortC)}, {"port-s", uint32(said.PortS), uint32(asked.PortS)},
	} {
		if f.said != f.asked {
			out = append(out, fmt.Sprintf("%s %d against %d", f.name, f.said, f.asked))
		}
	}
	if len(out) == 0 {
		return "same mechanisms, but other modes"
	}
	return strings.Join(out, ", ")
}
