package rewrite

import "imscope/decode/network"

func keyOf(p *network.Packet) fragmentKey {
	key := fragmentKey{p.Src.Addr(), p.Dst.Addr(), p.Path, p.Frag.ID, p.Frag.Next, p.Frag.IPv6}
	if key.ipv6 {
		key.next = 0 // only the first one counts
	}
	return key
}

// fragment keeps a fragment and gives the datagram that it completes, else nil.
func (w *Rewriter) fragment(p *network.Packet, c *carrier, o network.Origin) *carrier {
	key, last := keyOf(p), piece{p.Payload, p.Frag.Offset}
	whole := w.defrag.Add(p, o) // may give up an earlier datagram with the same key
	pieces := append(w.frags[key], last)
	if !whole {
		w.frags[key] = pieces
		return nil
	}
	if p.Kind != network.Fragment { // it cannot be
		w.opaque(c)
		return nil
	}
	delete(w.frags, key)
	return w.resume(p, key, pieces)
}

// resume walks on in a datagram, or in its beginning.
func (w *Rewriter) resume(p *network.Packet, key fragmentKey, pieces []piece) *carrier {
	d := &carrier{data: append(make([]byte, 0, len(p.Payload)), p.Payload...), pieces: pieces, src: key.src, dst: key.dst}
	w.bytes += len(d.data)
	p.Payload = d.data
	w.begin(d)
	w.walker.Resume(p)
	return d
}

// beginning rewrites what there is of a datagram that has lost fragments. What stands behind the hole says nothing.
func (w *Rewriter) beginning(p *network.Packet, _, last network.Origin) {
	if p.Kind != network.Fragment {
		return
	}
	key := keyOf(p)
	var kept, behind []piece
	for _, q := range w.frags[key] {
		if int(q.off)+len(q.b) <= len(p.Payload) {
			kept = append(kept, q)
		} else {
			behind = append(behind, q)
		}
	}
	delete(w.frags, key)
	w.blankPieces(behind)
	before := w.now
	d := w.resume(p, key, kept)
	if p.Kind == network.Fragment { // another one inside: the Defragmenter is at work
		w.opaque(d)
	} else {
		w.take(p, d, last)
	}
	w.now = before
}

func (w *Rewriter) blankPieces(pieces []piece) {
	for _, p := range pieces {
		clear(p.b)
	}
	w.Stats.Blanked += uint64(len(pieces))
}
