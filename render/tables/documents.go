package tables

import (
	"imscope/correlate/finding"
	"imscope/correlate/story"
)

// document is a row of documents.
type document struct {
	*story.Document
	sub   *story.Subscription
	user  string
	dereg int
}

var documents = define("documents", "a reginfo document as one watcher got it, as the difference to what it knew before",
	func(u *story.User, _ []*finding.Finding) []document {
		about := map[*story.Document]int{}
		for i := len(u.Deregistrations) - 1; i >= 0; i-- {
			for _, r := range u.Deregistrations[i].Documents {
				about[r.Document] = i + 1
			}
		}
		var rows []document
		for _, s := range u.Subscriptions {
			for _, d := range s.Documents {
				rows = append(rows, document{d, s, u.ID, about[d]})
			}
		}
		return rows
	},
	column[document]{"user", Text, "default public identity of the user, else the best name there is", func(d document) Value { return text(d.user) }},
	column[document]{"watcher", Text, "ue, p-cscf, as, unknown", func(d document) Value { return text(string(d.sub.Watcher)) }},
	column[document]{"watcher_uri", Text, "identity of the watcher", func(d document) Value { return text(d.sub.WatcherURI) }},
	column[document]{"watcher_node", Text, "node of the watcher", func(d document) Value { return text(d.sub.WatcherNode) }},
	column[document]{"call_id", Text, "of the subscription", func(d document) Value { return text(d.sub.CallID) }},
	column[document]{"resource", Text, "identity that is watched", func(d document) Value { return text(d.sub.Resource) }},
	column[document]{"frame", Int, "of the NOTIFY", func(d document) Value { return some(d.Frame) }},
	column[document]{"time", Time, "of the NOTIFY", func(d document) Value { return moment(d.Time) }},
	column[document]{"version", Int, "of the document", func(d document) Value { return known(d.Version) }},
	column[document]{"version_before", Int, "of this watcher's document before", func(d document) Value { return known(d.Before) }},
	column[document]{"state", Text, "full, partial, unknown", func(d document) Value { return text(d.State.String()) }},
	column[document]{"subscription_state", Text, "Subscription-State with its reason", func(d document) Value { return text(d.SubscriptionState) }},
	column[document]{"answer", Int, "final response to the NOTIFY", func(d document) Value { return some(d.Answer) }},
	column[document]{"first", Bool, "this watcher's first one in the capture", func(d document) Value { return truth(d.First) }},
	column[document]{"gap", Bool, "at least one document before it is missing", func(d document) Value { return truth(d.Gap) }},
	column[document]{"duplicate", Bool, "the same as the one before", func(d document) Value { return truth(d.Duplicate) }},
	column[document]{"stale", Bool, "older than the one before", func(d document) Value { return truth(d.Stale) }},
	column[document]{"added", Int, "contacts that are new to the watcher", func(d document) Value { return number(changes(d, story.Added)) }},
	column[document]{"changed", Int, "contacts of which it says something new", func(d document) Value { return number(changes(d, story.Changed)) }},
	column[document]{"removed", Int, "contacts that are not listed any more", func(d document) Value { return number(changes(d, story.Removed)) }},
	column[document]{"unchanged", Int, "contacts of which it says nothing new", func(d document) Value { return number(changes(d, story.Unchanged)) }},
	column[document]{"unmentioned", Int, "active contacts that a partial document does not speak of", func(d document) Value { return number(len(d.Unmentioned)) }},
	column[document]{"events", Texts, "of the contacts that it lists, each once", func(d document) Value { return texts(contactEvents(d.Changes)) }},
	column[document]{"identities_active", Texts, "after it, as this watcher sees them", func(d document) Value { return texts(inState(d.Identities, true)) }},
	column[document]{"identities_terminated", Texts, "after it, as this watcher sees them", func(d document) Value { return texts(inState(d.Identities, false)) }},
	column[document]{"problems", Texts, "what is wrong with its text, each once", func(d document) Value { return texts(distinct(d.Problems)) }},
	column[document]{"deregistration", Int, "number of the de-registration of this user that it tells of", func(d document) Value { return some(d.dereg) }},
)

func changes(d document, kind string) int {
	n := 0
	for i := range d.Changes {
		if c := &d.Changes[i]; c.Kind == kind && c.Contact != "" {
			n++
		}
	}
	return n
}

func contactEvents(list []story.Change) []string {
	var all []string
	for i := range list {
		if e := list[i].Event; e != "" {
			all = append(all, e)
		}
	}
	return distinct(all)
}

func inState(list []story.IdentityState, active bool) []string {
	var out []string
	for _, s := range list {
		if (s.State == "active") == active {
			out = append(out, s.AOR)
		}
	}
	return out
}

// distinct drops what was there before.
func distinct(list []string) []string {
	seen := make(map[string]bool, len(list))
	var out []string
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}
