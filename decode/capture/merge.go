package capture

import (
	"cmp"
	"container/heap"
	"context"
	"io"
	"slices"
)

// merger interleaves the members of a Set by the time of their next frame. Files are opened when their
// first frame is due and closed after their last, so that a rotated set has one or two open at a time.
type merger struct {
	waiting []*member // not started, by first time
	open    memberHeap
	behind  *member // top of open whose batch is used up, the next one not read
	full    bool    // no more members may be opened
	single  *member // the only member: nothing to merge
}

func (g *merger) start(s *Set) {
	for _, m := range s.members {
		if m.info.Err == nil && !(m.reader == nil && m.info.Format != "") {
			g.waiting = append(g.waiting, m)
		}
	}
	if len(g.waiting) == 1 && g.waiting[0].reader != nil && g.waiting[0].batch == nil {
		g.single, g.waiting = g.waiting[0], nil
		return
	}
	slices.SortFunc(g.waiting, func(a, b *member) int {
		return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.index, b.index))
	})
}

func (g *merger) next(ctx context.Context, s *Set) (*Batch, error) {
	if g.single != nil {
		return g.single.reader.Next(ctx)
	}
	var out *Batch
	for {
		if g.behind != nil {
			if err := g.advance(ctx, s); err != nil {
				return nil, giveUp(out, err)
			}
		}
		if err := g.admit(ctx, s); err != nil {
			return nil, giveUp(out, err)
		}
		if len(g.open) == 0 {
			if out == nil {
				return nil, io.EOF
			}
			return out, nil
		}
		m := g.open[0]
		n := g.run(m)
		if out == nil && m.next == 0 && n == len(m.batch.Packets) {
			b := m.batch
			m.batch, g.behind = nil, m
			s.number(m, b.Packets)
			return b, nil
		}
		if out == nil {
			out = s.pool.batch()
		}
		n = min(n, maxBatchPackets-len(out.Packets))
		from := len(out.Packets)
		out.Packets = append(out.Packets, m.batch.Packets[m.next:m.next+n]...)
		s.number(m, out.Packets[from:])
		out.share(m.batch)
		if m.next += n; m.next == len(m.batch.Packets) {
			m.batch.Release()
			m.batch, g.behind = nil, m
		} else {
			m.rekey()
			heap.Fix(&g.open, 0)
		}
		if len(out.Packets) == maxBatchPackets {
			return out, nil
		}
	}
}

func giveUp(out *Batch, err error) error {
	if out != nil {
		out.Release()
	}
	return err
}

// run counts the packets of m, the top of the heap, that come before any other member's next one.
func (g *merger) run(m *member) int {
	limit := (*member)(nil)
	for i := 1; i < min(3, len(g.open)); i++ { // the second smallest is a child of the root
		if limit == nil || g.open[i].before(limit) {
			limit = g.open[i]
		}
	}
	rest := m.batch.Packets[m.next:]
	for i := 1; i < len(rest); i++ {
		t := rest[i].Time
		if rest[i].NoTime {
			continue
		}
		if limit != nil && later(t, m.index, limit.key, limit.index) {
			return i
		}
		if !g.full && len(g.waiting) > 0 && later(t, m.index, g.waiting[0].first, g.waiting[0].index) {
			return i
		}
	}
	return len(rest)
}

// admit starts the members whose first frame is due.
func (g *merger) admit(ctx context.Context, s *Set) error {
	limit := cmp.Or(s.opt.maxOpen, maxOpenFiles)
	for len(g.waiting) > 0 {
		m := g.waiting[0]
		if len(g.open) > 0 && !later(g.open[0].key, g.open[0].index, m.first, m.index) {
			return nil
		}
		if g.full = len(g.open) >= limit; g.full {
			m.late = true
			return nil
		}
		g.waiting = g.waiting[1:]
		if m.reader == nil {
			in, size, err := s.openInput(m.path, true)
			if err != nil {
				m.info.Err = &Error{Path: m.path, Err: err}
				continue
			}
			m.reader = newReader(in, size < 0, m.path, s.opt, s.pool)
			m.reader.file = m.index
		}
		if m.late {
			m.reader.info.warn(ProbLate, 0, 0, "more captures overlap in time than may be open at once")
		}
		if m.batch == nil {
			g.open = append(g.open, nil)
			copy(g.open[1:], g.open)
			g.open[0] = m
			g.behind = m
			if err := g.advance(ctx, s); err != nil {
				return err
			}
			continue
		}
		heap.Push(&g.open, m)
	}
	return nil
}

// advance reads the next batch of g.behind, which is at the top of the heap, or takes it out at its end.
func (g *merger) advance(ctx context.Context, s *Set) error {
	m := g.behind
	b, err := m.reader.Next(ctx)
	if err != nil && ctx.Err() != nil {
		return err
	}
	g.behind = nil
	if err == nil {
		m.take(b)
		heap.Init(&g.open)
		return nil
	}
	g.open = slices.Delete(g.open, 0, 1)
	heap.Init(&g.open)
	m.info = m.reader.info
	m.kept = m.reader.secrets
	m.reader.Close()
	m.reader = nil
	return nil
}

// number gives packets of m, which have their number in its file, their number in the Set.
func (s *Set) number(m *member, packets []Packet) {
	for i := range packets {
		n := packets[i].Frame
		s.frame += n - m.frame
		packets[i].Frame, m.frame = s.frame, n
	}
}

// share keeps what from borrows alive for as long as b.
func (b *Batch) share(from *Batch) {
	for _, buf := range from.bufs {
		if !slices.Contains(b.bufs, buf) {
			b.hold(buf)
		}
	}
}

// later tells whether time t of member i comes after time u of member j.
func later(t int64, i uint16, u int64, j uint16) bool { return t > u || t == u && i > j }

// take makes b the member's current batch.
func (m *member) take(b *Batch) {
	m.batch, m.next = b, 0
	m.rekey()
}

// rekey follows a move of next.
func (m *member) rekey() {
	if p := &m.batch.Packets[m.next]; !p.NoTime {
		m.key = p.Time
	}
}

func (m *member) before(n *member) bool { return later(n.key, n.index, m.key, m.index) }

func (m *member) secrets() []Secret {
	if m.reader != nil {
		return m.reader.secrets
	}
	return m.kept
}

// memberHeap has the member whose next frame is due at its top.
type memberHeap []*member

func (h memberHeap) Len() int           { return len(h) }
func (h memberHeap) Less(i, j int) bool { return h[i].before(h[j]) }
func (h memberHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *memberHeap) Push(x any)        { *h = append(*h, x.(*member)) }
func (h *memberHeap) Pop() any {
	old := *h
	m := old[len(old)-1]
	*h = old[:len(old)-1]
	return m
}
