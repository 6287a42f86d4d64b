package tables

import (
	"imscope/correlate/finding"
	"imscope/correlate/story"
)

// registration is a row of registrations.
type registration struct {
	*story.Registration
	user *story.User
}

var registrations = define("registrations", "one try to register, refresh or de-register by REGISTER, challenge and answer included",
	func(u *story.User, _ []*finding.Finding) []registration {
		list := u.Registrations()
		rows := make([]registration, 0, len(list))
		for _, r := range list {
			rows = append(rows, registration{r, u})
		}
		return rows
	},
	column[registration]{"user", Text, "default public identity of the user, else the best name there is", func(r registration) Value { return text(r.user.ID) }},
	column[registration]{"kind", Text, "initial, refresh, de-registration, query, unknown", func(r registration) Value { return text(string(r.Kind)) }},
	column[registration]{"outcome", Text, "succeeded, rejected, unanswered, abandoned, open", func(r registration) Value { return text(r.Outcome) }},
	column[registration]{"status", Int, "of the last answer", func(r registration) Value { return some(r.Status) }},
	column[registration]{"started", Time, "when the first REGISTER was sent", func(r registration) Value { return moment(r.Started) }},
	column[registration]{"duration_ms", Millis, "to the last hop of the answer; empty without one", func(r registration) Value {
		if r.Status == 0 {
			return Value{Absent: true}
		}
		return between(r.Started, r.Ended)
	}},
	column[registration]{"rounds", Int, "REGISTERs, retransmissions not counted", func(r registration) Value { return number(len(r.Rounds)) }},
	column[registration]{"retransmissions", Int, "of requests and answers", func(r registration) Value { return number(r.Retransmissions) }},
	column[registration]{"requested_s", Int, "seconds asked for", func(r registration) Value { return known(r.Requested) }},
	column[registration]{"granted_s", Int, "seconds granted", func(r registration) Value { return known(r.Granted) }},
	column[registration]{"refreshed_after_ms", Millis, "from the answer to the next success of the contact", func(r registration) Value {
		return Value{N: r.RefreshedAfter, Absent: r.RefreshedAfter == 0}
	}},
	column[registration]{"slowest_node", Text, "that held a message longest", func(r registration) Value { return text(slowest(r).Node) }},
	column[registration]{"slowest_ms", Millis, "how long it did", func(r registration) Value {
		d := slowest(r)
		return Value{N: d.Took, Absent: d.Node == ""}
	}},
	column[registration]{"hss_ms", Millis, "of all that time, spent waiting for the HSS", func(r registration) Value { return hss(r) }},
	column[registration]{"aor", Text, "identity that it names", func(r registration) Value { return text(r.AOR) }},
	column[registration]{"contacts", Texts, "to be bound or removed", func(r registration) Value { return texts(r.Contacts) }},
	column[registration]{"private_identity", Text, "Authorization username", func(r registration) Value { return text(r.IMPI) }},
	column[registration]{"user_agent", Text, "User-Agent", func(r registration) Value { return text(r.Agent) }},
	column[registration]{"access", Text, "P-Access-Network-Info", func(r registration) Value { return text(r.Access) }},
	column[registration]{"visited_network", Text, "P-Visited-Network-ID", func(r registration) Value { return text(r.Visited) }},
	column[registration]{"from_node", Text, "where it was seen first", func(r registration) Value { return text(r.Origin) }},
	column[registration]{"p_cscf", Text, "address of the P-CSCF", func(r registration) Value { return text(r.PCSCF) }},
	column[registration]{"by_proxy", Bool, "the P-CSCF made it", func(r registration) Value { return truth(r.ByProxy) }},
	column[registration]{"call_id", Text, "of its REGISTERs", func(r registration) Value { return text(r.CallID) }},
	column[registration]{"frame", Int, "of the first REGISTER", func(r registration) Value {
		if len(r.Rounds) == 0 {
			return Value{Absent: true}
		}
		return some(r.Rounds[0].Frame)
	}},
	column[registration]{"frames", Ints, "of all hops and of its Cx messages", func(r registration) Value { return ints(r.Frames) }},
	column[registration]{"explanation", Text, "why it did not succeed, or what is odd where it did", func(r registration) Value { return text(r.Explanation) }},
)

// slowest is the delay that took longest.
func slowest(r registration) story.Delay {
	var most story.Delay
	for i := range r.Rounds {
		for _, d := range r.Rounds[i].Delays {
			if d.Took > most.Took {
				most = d
			}
		}
	}
	return most
}

// hss sums up the Cx transactions, absent where there are none.
func hss(r registration) Value {
	v := Value{Absent: true}
	for i := range r.Rounds {
		for _, c := range r.Rounds[i].Cx {
			v.N += c.Took
			v.Absent = false
		}
	}
	return v
}
