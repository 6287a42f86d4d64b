package extract

import (
	"context"
	"math/bits"

	"imscope/decode/capture"
)

// Frames is a set of frame numbers.
type Frames struct {
	words []uint64
	n     int
}

// Add adds a frame and reports whether it is new.
func (f *Frames) Add(frame uint32) bool {
	w, b := int(frame>>6), uint64(1)<<(frame&63)
	for len(f.words) <= w {
		f.words = append(f.words, 0)
	}
	if f.words[w]&b != 0 {
		return false
	}
	f.words[w] |= b
	f.n++
	return true
}

// Has reports whether a frame is in the set.
func (f *Frames) Has(frame uint32) bool {
	w := int(frame >> 6)
	return w < len(f.words) && f.words[w]&(1<<(frame&63)) != 0
}

// Len counts the frames.
func (f *Frames) Len() int { return f.n }

// Last gives the highest frame, 0 of an empty set.
func (f *Frames) Last() uint32 {
	for w := len(f.words) - 1; w >= 0; w-- {
		if f.words[w] != 0 {
			return uint32(w<<6 + 63 - bits.LeadingZeros64(f.words[w]))
		}
	}
	return 0
}

// filter is a Source that holds the frames of a set alone. They keep their numbers.
type filter struct {
	capture.Source
	frames *Frames
}

// Only gives the packets of src that are in the set.
func Only(src capture.Source, frames *Frames) capture.Source { return &filter{src, frames} }

// Next implements capture.Source.
func (f *filter) Next(ctx context.Context) (*capture.Batch, error) {
	for {
		b, err := f.Source.Next(ctx)
		if err != nil {
			return nil, err
		}
		kept := b.Packets[:0]
		for _, p := range b.Packets {
			if f.frames.Has(p.Frame) {
				kept = append(kept, p)
			}
		}
		if b.Packets = kept; len(kept) > 0 {
			return b, nil
		}
		b.Release()
	}
}

// Secrets gives the decryption secrets of the captures, where they have any.
func (f *filter) Secrets() []capture.Secret {
	if s, ok := f.Source.(interface{ Secrets() []capture.Secret }); ok {
		return s.Secrets()
	}
	return nil
}
