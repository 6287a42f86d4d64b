package tables

import (
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

// subscriber is a row of users.
type subscriber struct {
	*story.User
	findings []*finding.Finding
}

var users = define("users", "a subscriber",
	func(u *story.User, f []*finding.Finding) []subscriber { return []subscriber{{u, f}} },
	column[subscriber]{"user", Text, "default public identity of the user, else the best name there is", func(s subscriber) Value { return text(s.ID) }},
	column[subscriber]{"public_identities", Texts, "as spelled on the wire, the default one first", func(s subscriber) Value { return texts(s.PublicIdentities) }},
	column[subscriber]{"private_identities", Texts, "of its devices", func(s subscriber) Value { return texts(s.PrivateIdentities) }},
	column[subscriber]{"instances", Texts, "+sip.instance of its devices", func(s subscriber) Value { return texts(s.Instances) }},
	column[subscriber]{"user_agents", Texts, "User-Agent of its devices", func(s subscriber) Value { return texts(s.UserAgents) }},
	column[subscriber]{"first_frame", Int, "of its first message", func(s subscriber) Value { return some(s.FirstFrame) }},
	column[subscriber]{"first_time", Time, "of its first message", func(s subscriber) Value { return moment(s.FirstTime) }},
	column[subscriber]{"last_time", Time, "of its last message", func(s subscriber) Value { return moment(s.LastTime) }},
	column[subscriber]{"registered", Bool, "something is bound at the end of the capture", func(s subscriber) Value { return truth(bound(s.Bindings) > 0) }},
	column[subscriber]{"bindings", Int, "contact and identity pairs, over all lifetimes", func(s subscriber) Value { return number(len(s.Bindings)) }},
	column[subscriber]{"active_bindings", Int, "those that are there at the end of the capture", func(s subscriber) Value { return number(bound(s.Bindings)) }},
	column[subscriber]{"events", Int, "rows of the table events", func(s subscriber) Value { return number(len(s.Timeline)) }},
	column[subscriber]{"registrations", Int, "tries to register or refresh", func(s subscriber) Value { return number(tries(s, false)) }},
	column[subscriber]{"registrations_failed", Int, "those that did not succeed", func(s subscriber) Value { return number(tries(s, true)) }},
	column[subscriber]{"deregistrations", Int, "that ended something", func(s subscriber) Value { return number(deregs(s, "")) }},
	column[subscriber]{"by_user", Int, "of these, begun by the user", func(s subscriber) Value { return number(deregs(s, story.ByUser)) }},
	column[subscriber]{"by_network", Int, "of these, begun by the network", func(s subscriber) Value { return number(deregs(s, story.ByNetwork)) }},
	column[subscriber]{"by_expiry", Int, "of these, by a granted time that ran out", func(s subscriber) Value { return number(deregs(s, story.ByExpiry)) }},
	column[subscriber]{"by_unknown", Int, "of these, begun by nobody knows whom", func(s subscriber) Value { return number(deregs(s, story.ByUnknown)) }},
	column[subscriber]{"subscriptions", Int, "to its reg event package", func(s subscriber) Value { return number(len(s.Subscriptions)) }},
	column[subscriber]{"documents", Int, "rows of the table documents", func(s subscriber) Value {
		n := 0
		for _, sub := range s.Subscriptions {
			n += len(sub.Documents)
		}
		return number(n)
	}},
	column[subscriber]{"errors", Int, "findings of this severity", func(s subscriber) Value { return number(severity(s.findings, problem.Error)) }},
	column[subscriber]{"warnings", Int, "findings of this severity", func(s subscriber) Value { return number(severity(s.findings, problem.Warning)) }},
	column[subscriber]{"infos", Int, "findings of this severity", func(s subscriber) Value { return number(severity(s.findings, problem.Info)) }},
	column[subscriber]{"dropped_messages", Int, "that went beyond the limits and were forgotten", func(s subscriber) Value { return number(s.Truncated) }},
)

func bound(list []story.Binding) int {
	n := 0
	for i := range list {
		if list[i].Active {
			n++
		}
	}
	return n
}

// tries counts the tries to register or refresh, or those of them that failed.
func tries(s subscriber, failed bool) int {
	n := 0
	for _, r := range s.Registrations() {
		if r.Kind != story.RegistrationInitial && r.Kind != story.RegistrationRefresh {
			continue
		}
		if !failed || r.Outcome != story.Succeeded && r.Outcome != story.Open {
			n++
		}
	}
	return n
}

// deregs counts the successful ones by who began them, "" for all.
func deregs(s subscriber, by string) int {
	n := 0
	for _, d := range s.Deregistrations {
		if d.Successful() && (by == "" || d.Initiator == by) {
			n++
		}
	}
	return n
}

func severity(list []*finding.Finding, s problem.Severity) int {
	n := 0
	for _, f := range list {
		if f.Severity == s {
			n++
		}
	}
	return n
}
