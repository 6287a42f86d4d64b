package story

import (
	"fmt"
	"strings"

	"imscope/correlate/fact"
)

// explain says in a sentence why a registration failed, or what is odd about one that succeeded.
func (d *dissector) explain(r *Registration) string {
	last := &r.Rounds[len(r.Rounds)-1]
	switch r.Outcome {
	case Succeeded:
		return d.oddities(r)
	case Rejected:
		return who(last) + " answered " + answerText(last) + d.because(r, last)
	case Abandoned:
		return d.abandoned(r, last)
	case Unanswered:
		return d.unanswered(last)
	case Open:
		if last.Status != 0 {
			return "the capture ends " + short(d.end()-r.Ended) + " after the " + answerText(last)
		}
		return "the capture ends " + short(d.end()-last.Time) + " after the " + message(last.Exchange)
	}
	return ""
}

func who(o *Round) string {
	if o.By == "" || o.By == "?" {
		return "the network"
	}
	return o.By
}

func answerText(o *Round) string { return strings.TrimSpace(fmt.Sprint(o.Status, " ", o.Reason)) }

// because explains a final response: by what the HSS had said, else by what the code stands for.
func (d *dissector) because(r *Registration, o *Round) string {
	for _, c := range o.Cx {
		switch {
		case c.Result != "" && !c.OK:
			s := " because " + c.Name + " " + c.Result
			if m := cxMeaning(c.Cx, r); m != "" {
				s += ": " + m
			}
			return s
		case c.Result == "":
			return " because the HSS did not answer the " + c.Name
		}
	}
	if s := d.resources(o); s != "" {
		return s
	}
	if m := codeMeaning(r, o); m != "" {
		return ": " + m
	}
	return ""
}

// resources says what the PCRF had said of the phone where the first node on the way answered by itself, "" for nothing.
func (d *dissector) resources(o *Round) string {
	req, final := &o.Exchange.Request, o.Exchange.Final()
	if d.u.Context == nil || d.u.Context.Rx == nil || !req.Seen() || final == nil {
		return ""
	}
	gm, answer := req.Hops[0], final.Hops[0]
	if d.u.Context.Addr(gm.Dst) != d.u.Context.Addr(answer.Src) {
		return ""
	}
	switch x := d.u.Context.Rx(d.u.Context.Addr(gm.Src), gm.Time, answer.Time); {
	case x == nil:
		return ""
	case x.Answered == 0:
		return " because the PCRF did not answer the AAR for the phone"
	default:
		return " because the PCRF gives the phone no resources: " + x.String()
	}
}

// cxMeaning words a result that is no success: first those of TS 29.229 6.2, then those of RFC 6733 7.1.
func cxMeaning(c *fact.Cx, r *Registration) string {
	switch c.Experimental {
	case 5001:
		return "the HSS does not know the user"
	case 5002:
		return "the HSS does not have this public identity under this private identity"
	case 5003:
		return "the HSS holds no registration of this identity"
	case 5004:
		if v := first(c.Visited, r.Visited); v != "" {
			return "the HSS does not allow the user to roam in " + v
		}
		return "the HSS does not allow the user to roam here"
	case 5005:
		return "the HSS has the identity registered with another server"
	case 5006:
		return "the HSS does not support this way to authenticate"
	case 5007:
		return "the HSS does not accept this assignment in the state that it holds"
	case 5008:
		return "the profile is larger than the S-CSCF can take"
	case 5009:
		return "the S-CSCF does not support the profile"
	case 4181:
		return "the HSS has no authentication data at the moment"
	}
	switch c.Result {
	case 3002:
		return "no way to the HSS"
	case 3003:
		return "no HSS serves the realm"
	case 3004:
		return "the HSS is too busy"
	case 4181:
		return "the HSS has no authentication data at the moment"
	case 5003:
		return "the HSS does not authorise it"
	case 5012:
		return "the HSS failed at it"
	}
	return ""
}

// codeMeaning says what a response to REGISTER stands for in an IMS where nothing else explains it.
func codeMeaning(r *Registration, o *Round) string {
	switch o.Status {
	case 305:
		return "the phone is to use another P-CSCF"
	case 403:
		switch {
		case o.Credentials == CredentialsResponse && len(r.Rounds) > 1:
			return "the response to the challenge was not accepted, or the user is not allowed in"
		case o.Credentials == CredentialsMACFailure:
			return "the phone had refused the challenge"
		}
		return "unknown user, identities that do not belong together, or roaming not allowed"
	case 404:
		return "the home network does not know the user"
	case 420:
		return "an extension that the request asks for is not supported"
	case 421:
		return "the P-CSCF wants a security agreement"
	case 439:
		return "the first hop does not support outbound"
	case 480:
		return "the home network cannot serve the user at the moment"
	case 481:
		return "the registrar does not have this contact"
	case 494:
		return "the security agreement does not match"
	case 500:
		return "the registrar has lost its data of the user, or an inner error; the phone has to register anew"
	case 503:
		if after := o.Exchange.Register.Answer.RetryAfter; after != fact.Absent {
			return fmt.Sprintf("overloaded, to be tried again in %d s", after)
		}
		return "overloaded"
	case 504:
		return "a server behind it did not answer"
	}
	return ""
}

// abandoned says what was asked for and never came.
func (d *dissector) abandoned(r *Registration, last *Round) string {
	var s string
	switch last.Challenge {
	case ChallengeInterval:
		s = "the asked interval is too brief"
		if r.MinExpires != fact.Absent && r.Requested != fact.Absent {
			s = fmt.Sprintf("the asked %d s are less than the least, %d s", r.Requested, r.MinExpires)
		}
	case ChallengeSecurity:
		s = who(last) + " wants another security agreement (" + answerText(last) + ")"
	case ChallengeFirst:
		s = "challenged with " + answerText(last)
		if n := challenges(r); n > 1 {
			s = "challenged " + times(n) + " with " + answerText(last)
		}
	default:
		s = "challenged " + times(challenges(r)) + ", at last with a " + last.Challenge
		if last.Challenge == ChallengeRefused {
			s = "challenged " + times(challenges(r)) + ": the response is not accepted"
		}
	}
	if l := last.LastSeen; l != nil {
		return s + "; the " + l.Message + " was last seen at " + l.Node
	}
	return s + "; nothing more came"
}

func challenges(r *Registration) int {
	n := 0
	for i := range r.Rounds {
		if challenged(r.Rounds[i].Status) {
			n++
		}
	}
	return n
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprint(n, " times")
}

// unanswered says where the request got stuck.
func (d *dissector) unanswered(o *Round) string {
	for _, c := range o.Cx {
		if c.Result == "" {
			return message(o.Exchange) + " waits for the HSS, which did not answer the " + c.Name
		}
	}
	if o.Status == 408 {
		s := who(o) + " gave up waiting"
		if h := o.Exchange.Request.Last(); h.Dst != 0 && d.label(h.Dst) != o.By {
			s += " for " + d.label(h.Dst)
		}
		return s + " and answered " + answerText(o)
	}
	if o.LastSeen == nil {
		return ""
	}
	return o.LastSeen.String()
}

// String words where the trace of a message ends.
func (l *LastSeen) String() string {
	s := l.Message + " reached " + l.Node
	if l.Blind {
		return s + "; the capture does not show what lies behind"
	}
	return s + ", and nothing came of it"
}

// oddities says what is worth a word about a registration that succeeded.
func (d *dissector) oddities(r *Registration) string {
	var parts []string
	last := &r.Rounds[len(r.Rounds)-1]
	for _, c := range []struct{ challenge, text string }{
		{ChallengeResync, "after a resynchronisation of the sequence number"},
		{ChallengeMAC, "after the phone had refused a challenge"},
		{ChallengeStale, "after a stale nonce"},
		{ChallengeRefused, "after a response that was not accepted"},
		{ChallengeInterval, "after asking for too short a time"},
	} {
		for i := range r.Rounds {
			if r.Rounds[i].Challenge == c.challenge {
				parts = append(parts, c.text)
				break
			}
		}
	}
	if l := r.LastSeen; l != nil {
		s := "the " + l.Message + " was last seen at " + l.Node
		for i := range last.Exchange.Responses {
			m := &last.Exchange.Responses[i]
			if m.Status >= 300 && d.arrived(last.Exchange, m) {
				s += ", " + r.Origin + " was told " + statusText(m)
			}
		}
		parts = append(parts, s)
	}
	for _, c := range last.Cx {
		if c.Result != "" && !c.OK {
			parts = append(parts, "though "+c.Name+" "+c.Result)
		}
	}
	return strings.Join(parts, "; ")
}
