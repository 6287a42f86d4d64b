package text

import (
	"slices"
	"strconv"
	"strings"

	"imscope/correlate/story"
	"imscope/render/style"
)

// nodes shortens the labels of nodes for one user's story. Where a role has several nodes a label holds
// the address, and five addresses on a line are hard to read: they are numbered instead, UE1 and UE2,
// and the head of the user says who they are.
type nodes struct {
	short    map[string]string
	legend   []node
	replacer *strings.Replacer
}

type node struct{ short, label string }

// nodesOf numbers the nodes of a user in the order in which the story meets them.
func nodesOf(u *story.User) *nodes {
	n := &nodes{short: map[string]string{}}
	byRole := map[string][]string{}
	see := func(label string) {
		if _, ok := n.short[label]; ok {
			return
		}
		n.short[label] = label
		if role, _, ok := strings.Cut(label, " "); ok && isRole(role) {
			byRole[role] = append(byRole[role], label)
		}
	}
	events := func(list []story.Event) {
		for i := range list {
			for j := range list[i].Hops {
				see(list[i].Hops[j].From)
				see(list[i].Hops[j].To)
			}
		}
	}
	events(u.Timeline)
	for _, d := range u.Deregistrations {
		events(d.Steps)
		for i := range d.Told {
			see(d.Told[i].Node)
		}
	}
	for _, s := range u.Subscriptions {
		see(s.WatcherNode)
	}
	for _, role := range roles {
		for i, label := range byRole[role] {
			short := role
			if len(byRole[role]) > 1 {
				short += strconv.Itoa(i + 1)
			}
			n.short[label] = short
			n.legend = append(n.legend, node{short, label})
		}
	}
	return n
}

// roles are the words that labels begin with, in the order in which a request from a phone meets them.
var roles = []string{"UE", "P-CSCF", "I-CSCF", "S-CSCF", "HSS", "AS"}

func isRole(word string) bool {
	for _, r := range roles {
		if r == word {
			return true
		}
	}
	return false
}

// name gives what a label is called in the story.
func (n *nodes) name(label string) string {
	if short, ok := n.short[label]; ok {
		return short
	}
	return label
}

// in puts the short names into a sentence.
func (n *nodes) in(sentence string) string {
	if n.replacer == nil {
		// Longer labels first: one address may be the beginning of another.
		legend := slices.Clone(n.legend)
		slices.SortStableFunc(legend, func(a, b node) int { return len(b.label) - len(a.label) })
		var pairs []string
		for _, node := range legend {
			pairs = append(pairs, node.label, node.short)
		}
		n.replacer = strings.NewReplacer(pairs...)
	}
	return n.replacer.Replace(sentence)
}

// line is the legend.
func (n *nodes) line() line {
	var l line
	for i, node := range n.legend {
		if i > 0 {
			l = append(l, plain(", "))
		}
		l = append(l, say(style.Node, node.short), plain(" "), say(style.Faint, node.label[strings.IndexByte(node.label, ' ')+1:]))
	}
	return l
}

// watcher names a watcher: its node, which tells two phones apart, else its role, else its address.
func (n *nodes) watcher(w story.Watcher, label, uri string) string {
	switch {
	case label != "" && label != "?":
		return n.name(label)
	case w == story.WatcherUE || w == story.WatcherPCSCF || w == story.WatcherAS:
		return w.Label()
	case uri != "":
		return uri
	}
	return "unknown watcher"
}

// of names the watcher of a subscription.
func (n *nodes) of(s *story.Subscription) string {
	if s == nil {
		return "unknown watcher"
	}
	return n.watcher(s.Watcher, s.WatcherNode, s.WatcherURI)
}
