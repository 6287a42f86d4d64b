package words

import (
	"strconv"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/story"
	"imscope/render"
	"imscope/render/style"
)

const second = int64(1e9)

// slow is how long a node may hold a message before that is worth a word: T1, after which the sender
// repeats itself (RFC 3261 17.1.2.2).
const slow = second / 2

// RegistrationKind words what a registration is after.
func RegistrationKind(r *story.Registration) Word {
	w := Word{style.Plain, string(r.Kind)}
	if r.Kind == story.RegistrationRemoval {
		w.Role = style.Removed
	}
	if r.ByProxy {
		w.Text += " by the P-CSCF"
	}
	return w
}

// RegistrationOutcome words how a registration ended.
func RegistrationOutcome(r *story.Registration) Word {
	answer := strings.TrimSpace(strconv.Itoa(r.Status) + " " + r.Reason)
	switch r.Outcome {
	case story.Succeeded:
		return Word{style.Good, answer}
	case story.Rejected:
		return Word{style.Bad, answer}
	case story.Abandoned:
		return Word{style.Bad, answer + ", given up"}
	case story.Open:
		return Word{style.Warn, "open"}
	}
	if r.Status != 0 {
		return Word{style.Bad, answer}
	}
	return Word{style.Bad, "not answered"}
}

// Interval words what was asked for and what was granted: "600,000 → 540,000 s".
func Interval(r *story.Registration) string {
	switch {
	case r.Granted != fact.Absent && r.Requested != fact.Absent && r.Granted != r.Requested:
		return render.Number(r.Requested) + " → " + render.Number(r.Granted) + " s"
	case r.Granted != fact.Absent:
		return render.Number(r.Granted) + " s"
	case r.Requested != fact.Absent:
		return render.Number(r.Requested) + " s"
	}
	return ""
}

// Next words what became of what a registration had bound; day is the day that need not be said.
func Next(r *story.Registration, day int64) Word {
	switch {
	case r.RefreshedAfter != 0 && r.Granted > 0 && r.RefreshedAfter > r.Granted*second:
		return Word{style.Warn, "refreshed after " + render.Duration(r.RefreshedAfter) + ", too late"}
	case r.RefreshedAfter != 0:
		return Word{style.Plain, "refreshed after " + render.Duration(r.RefreshedAfter)}
	case r.ActualExpiry != 0:
		after := " after " + render.Duration(r.ActualExpiry-r.Ended)
		by := ""
		if r.EndedBy != nil {
			by = r.EndedBy.Initiator
		}
		switch by {
		case story.ByUser:
			return Word{style.ByUser, "de-registered" + after}
		case story.ByNetwork:
			return Word{style.ByNetwork, "ended by the network" + after}
		case story.ByExpiry:
			return Word{style.ByExpiry, "ran out" + after}
		}
		return Word{style.Warn, "ended" + after}
	case r.PredictedExpiry != 0:
		return Word{style.Faint, "runs out " + render.When(r.PredictedExpiry, day)}
	}
	return Word{}
}

// Slowest gives the node that held a message of the registration longest, ok false where the capture
// shows none.
func Slowest(r *story.Registration) (d story.Delay, ok bool) {
	for i := range r.Rounds {
		for _, l := range r.Rounds[i].Delays {
			if !ok || l.Took > d.Took {
				d, ok = l, true
			}
		}
	}
	return d, ok
}

// Delay words how long a node held a message: "S-CSCF 8.1 ms (HSS 5.1 ms)".
func Delay(d story.Delay, nodes *Nodes) []Word {
	l := []Word{{style.Node, nodes.Name(d.Node)}, {Text: " " + render.Duration(d.Took)}}
	if d.HSS > 0 {
		l = append(l, Word{style.Faint, " (HSS " + render.Duration(d.HSS) + ")"})
	}
	return l
}

// Delays words the delays of a round, on the way there and on the way back.
func Delays(o *story.Round, nodes *Nodes) []Word {
	var l []Word
	back := false
	for i, d := range o.Delays {
		switch {
		case d.Step == story.StepReturn && !back:
			back = true
			if i > 0 {
				l = append(l, Word{Text: "; "})
			}
			l = append(l, Word{style.Faint, "back "})
		case i > 0:
			l = append(l, Word{Text: ", "})
		}
		l = append(l, Delay(d, nodes)...)
	}
	return l
}

// Note is something worth a word about a registration or one of its rounds.
type Note struct {
	Frame uint32
	Round int // from 1; 0 of the registration as a whole
	Words []Word
}

// Notes lists what is not as usual about a registration. With all it tells the delays of each round as
// well.
func Notes(r *story.Registration, nodes *Nodes, all bool) []Note {
	var out []Note
	if r.Explanation != "" {
		role := style.Bad
		switch r.Outcome {
		case story.Succeeded, story.Open:
			role = style.Warn
		}
		out = append(out, Note{Frame: r.Rounds[0].Frame, Words: []Word{{role, nodes.In(r.Explanation)}}})
	}
	for i := range r.Rounds {
		o := &r.Rounds[i]
		note := func(w ...Word) { out = append(out, Note{o.Frame, i + 1, w}) }
		s := roundText(o)
		if i > 0 && s == "" && challenged(&r.Rounds[i-1]) && (o.Credentials == story.CredentialsNone || o.Credentials == story.CredentialsIdentity) {
			s = "the phone begins anew instead of answering the challenge"
		}
		if s != "" {
			note(Word{style.Warn, s})
		}
		for _, c := range o.Cx {
			if !c.OK && c.Result != "" && !strings.Contains(r.Explanation, c.Result) {
				note(Word{style.Bad, c.Name + " " + c.Result})
			}
		}
		if len(o.Repeats) > 0 {
			note(Word{style.Warn, repeats(o)})
		}
		slowest := -1
		for j, d := range o.Delays {
			if d.Took >= slow && (slowest < 0 || d.Took > o.Delays[slowest].Took) {
				slowest = j
			}
		}
		switch {
		case all && len(o.Delays) > 0:
			note(Delays(o, nodes)...)
		case slowest >= 0:
			note(append([]Word{{style.Warn, "slow: "}}, Delay(o.Delays[slowest], nodes)...)...)
		}
	}
	return out
}

func challenged(o *story.Round) bool { return o.Status == 401 || o.Status == 407 }

// roundText says what a request brought or what its answer asked for where that is not as usual.
func roundText(o *story.Round) string {
	answer := strconv.Itoa(o.Status)
	switch {
	case o.Credentials == story.CredentialsMACFailure:
		return "MAC failure: the phone does not believe that the challenge comes from its network"
	case o.Credentials == story.CredentialsAUTS && o.Challenge == story.ChallengeResync:
		return "sequence number out of range: the phone sends AUTS, " + answer + " with a new vector"
	case o.Credentials == story.CredentialsAUTS:
		return "sequence number out of range: the phone sends AUTS"
	case o.Challenge == story.ChallengeStale:
		return answer + ", stale: the nonce was too old"
	case o.Challenge == story.ChallengeRefused:
		return answer + ": the response to the challenge was not accepted"
	case o.Challenge == story.ChallengeInterval:
		return answer + ": interval too brief"
	case o.Challenge == story.ChallengeSecurity:
		return answer + ": security agreement"
	}
	return ""
}

// repeats words the retransmissions of a round with the timer that they show.
func repeats(o *story.Round) string {
	requests, answers := 0, 0
	last := int64(0)
	for _, p := range o.Repeats {
		if p.Answer {
			answers++
		} else {
			requests++
			last = max(last, p.After)
		}
	}
	var parts []string
	if requests > 0 {
		s := "request repeated " + render.Number(requests) + "× until +" + render.Duration(last)
		if o.T1 > 0 {
			s += ", the first time after " + render.Duration(o.T1)
		}
		parts = append(parts, s)
	}
	if answers > 0 {
		parts = append(parts, "answer repeated "+render.Number(answers)+"×")
	}
	return strings.Join(parts, "; ")
}
