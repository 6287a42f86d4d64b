package text

import (
	"imscope/correlate/story"
	"imscope/render/style"
	"imscope/render/words"
)

// nodes names the nodes of one user's story.
type nodes struct{ *words.Nodes }

func nodesOf(u *story.User) *nodes { return &nodes{words.NodesOf(u)} }

// line is the legend.
func (n *nodes) line() line {
	var l line
	for i, node := range n.Legend() {
		if i > 0 {
			l = append(l, plain(", "))
		}
		l = append(l, say(style.Node, node.Short), plain(" "), say(style.Faint, node.Address()))
	}
	return l
}

// path writes the ways that a message took: "UE → P-CSCF → S-CSCF".
func (n *nodes) path(e words.Exchange) line {
	var l line
	for i, w := range words.Ways(e) {
		if i > 0 {
			l = append(l, say(style.Faint, ", "))
		}
		for j, label := range w.Nodes {
			if j > 0 {
				l = append(l, say(style.Faint, w.Arrow()))
			}
			l = append(l, say(style.Node, n.Name(label)))
		}
	}
	return l
}
