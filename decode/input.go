package decode

import (
	"context"
	"sync"

	"imscope/decode/capture"
)

// input is a source that workers read one after the other. Who reads a batch parses it as well, while it is in its core's
// cache: a goroutine that only reads takes 5 % of an analysis on two cores, 15 % of one with much media (2026-11-29).
type input struct {
	mu     sync.Mutex
	src    capture.Source
	holder interface{ Secrets() []capture.Secret } // src, if it has any
	known  map[*byte]bool                          // secrets that were given to a job
	turn   uint64
	err    error // why there is no further batch
}

func newInput(src capture.Source) *input {
	in := &input{src: src, known: map[*byte]bool{}}
	in.holder, _ = src.(interface{ Secrets() []capture.Secret })
	return in
}

// next gives the next batch for a job, and reports whether there is one.
func (in *input) next(ctx context.Context, j *job) (b *capture.Batch, ok bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.err != nil {
		return nil, false
	}
	if b, in.err = in.src.Next(ctx); in.err != nil {
		return nil, false
	}
	j.turn, j.secrets = in.turn, nil
	in.turn++
	if in.holder != nil {
		j.secrets = fresh(in.holder.Secrets(), in.known)
	}
	return b, true
}

// fresh gives the secrets that are not known yet, by the place of their bytes.
func fresh(list []capture.Secret, known map[*byte]bool) []capture.Secret {
	var out []capture.Secret
	for _, s := range list {
		if len(s.Data) > 0 && !known[&s.Data[0]] {
			known[&s.Data[0]] = true
			out = append(out, s)
		}
	}
	return out
}
