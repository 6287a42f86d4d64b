package live

import (
	"context"
	"errors"
	"fmt"
	"io"

	"imscope/decode/capture"
)

// stream reads a pipe until its end. It waits where the analysis is slower.
type stream struct{ *follower }

func (f *stream) run(stop <-chan struct{}) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-stop:
			cancel()
		case <-ctx.Done():
		}
	}()
	set, err := capture.Open(ctx, []string{f.opt.Path}, capture.Options{Stdin: f.opt.Stdin})
	for err == nil {
		var b *capture.Batch
		if b, err = set.Next(ctx); err == nil && !f.hand(b) {
			break
		}
	}
	if set != nil {
		err = errors.Join(ended(err), set.Files()[0].Err)
		set.Close()
	}
	if err = ended(err); err != nil {
		return fmt.Errorf("%s: %w", f.in.name, bare(err))
	}
	return nil
}

// ended is nil for the errors that a stream ends with in order.
func ended(err error) error {
	if err == io.EOF || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// close has nothing to do: run closes what it opened.
func (f *stream) close() error { return nil }
