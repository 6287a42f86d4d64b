package words

import (
	"slices"
	"strconv"
	"strings"

	"imscope/correlate/story"
)

// Nodes shortens the labels of nodes for one user's story. Where a role has several nodes a label holds
// the address, and five addresses on a line are hard to read: they are numbered instead, UE1 and UE2,
// and a legend says who they are.
type Nodes struct {
	short    map[string]string
	legend   []Node
	replacer *strings.Replacer
}

// Node is a node with its short name.
type Node struct{ Short, Label string }

// Address is what the label says behind the role.
func (n Node) Address() string { return n.Label[strings.IndexByte(n.Label, ' ')+1:] }

// NodesOf numbers the nodes of a user in the order in which the story meets them.
func NodesOf(u *story.User) *Nodes {
	n := &Nodes{short: map[string]string{}}
	byRole := map[string][]string{}
	see := func(label string) {
		if _, ok := n.short[label]; ok {
			return
		}
		n.short[label] = label
		if role, _, ok := strings.Cut(label, " "); ok && Rank(role) < len(roles) {
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
			n.legend = append(n.legend, Node{short, label})
		}
	}
	return n
}

// roles are the words that labels begin with, in the order in which a request from a phone meets them.
var roles = []string{"UE", "P-CSCF", "I-CSCF", "HSS", "S-CSCF", "AS"}

// Rank gives the place of a label's role on the way of a request from a phone: UE first, AS last,
// behind it what has no role. The HSS stands between the two CSCFs that ask it, as in TS 24.228.
func Rank(label string) int {
	role, _, _ := strings.Cut(label, " ")
	if i := slices.Index(roles, role); i >= 0 {
		return i
	}
	return len(roles)
}

// Name gives what a label is called in the story.
func (n *Nodes) Name(label string) string {
	if short, ok := n.short[label]; ok {
		return short
	}
	return label
}

// In puts the short names into a sentence.
func (n *Nodes) In(sentence string) string {
	if n.replacer == nil {
		// Longer labels first: one address may be the beginning of another.
		legend := slices.Clone(n.legend)
		slices.SortStableFunc(legend, func(a, b Node) int { return len(b.Label) - len(a.Label) })
		var pairs []string
		for _, node := range legend {
			pairs = append(pairs, node.Label, node.Short)
		}
		n.replacer = strings.NewReplacer(pairs...)
	}
	return n.replacer.Replace(sentence)
}

// Legend lists the nodes whose names were shortened, in order of their roles.
func (n *Nodes) Legend() []Node { return n.legend }

// Watcher names a watcher: its node, which tells two phones apart, else its role, else its address.
func (n *Nodes) Watcher(w story.Watcher, label, uri string) string {
	switch {
	case label != "" && label != "?":
		return n.Name(label)
	case w == story.WatcherUE || w == story.WatcherPCSCF || w == story.WatcherAS:
		return w.Label()
	case uri != "":
		return uri
	}
	return "unknown watcher"
}

// Told names a watcher that was told of a de-registration, or was not.
func (n *Nodes) Told(w *story.Told) string {
	name := n.Watcher(w.Watcher, w.Node, w.URI)
	if w.Resource != "" {
		name += " for " + w.Resource
	}
	return name
}

// Of names the watcher of a subscription.
func (n *Nodes) Of(s *story.Subscription) string {
	if s == nil {
		return "unknown watcher"
	}
	return n.Watcher(s.Watcher, s.WatcherNode, s.WatcherURI)
}
