package cli

import (
	"sync"

	"imscope/correlate"
	"imscope/correlate/story"
	"imscope/decode/capture"
)

// gaps finds the times between captures of which nothing is known: a capture begins long after the latest packet.
// Whether another one goes on in between is not known yet, so that it may find one too many: silence proves less then.
type gaps struct {
	last int64           // time of the latest packet
	file uint16          // of the latest packet
	seen map[uint16]bool // files that have begun

	mu   sync.Mutex
	list []story.Span // those that before has not given yet
}

// look takes the next packets. Of captures that are read a second time it learns nothing new.
func (g *gaps) look(b *capture.Batch) {
	for i := range b.Packets {
		p := &b.Packets[i]
		if p.NoTime {
			continue
		}
		if p.File != g.file && !g.seen[p.File] && g.last != 0 && p.Time-g.last > int64(correlate.Rotation) {
			g.mu.Lock()
			g.list = append(g.list, story.Span{From: g.last, To: p.Time})
			g.mu.Unlock()
		}
		if p.File != g.file || g.seen == nil {
			if g.seen == nil {
				g.seen = map[uint16]bool{}
			}
			g.file = p.File
			g.seen[p.File] = true
		}
		g.last = max(g.last, p.Time)
	}
}

// before gives the gaps that end by a time, each once.
func (g *gaps) before(t int64) []story.Span {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := 0
	for n < len(g.list) && g.list[n].To <= t {
		n++
	}
	list := g.list[:n:n]
	g.list = g.list[n:]
	return list
}
