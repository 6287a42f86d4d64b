package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"imscope/correlate"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/render"
)

// maxWarnings is how many warnings of one file standard error gets. The rest are counted there and
// listed in the JSON report.
const maxWarnings = 5

// input holds the flags of every command that reads captures.
type input struct {
	decoding
	redaction
	quiet      bool
	noProgress bool

	own   string               // where the result goes: that it is no capture is no news; "" for nowhere
	stdin *spooled             // standard input, once it was read for several passes
	watch func(*capture.Batch) // sees what is read before it is decoded, on another goroutine; nil for nobody
}

func (in *input) flags(cmd *cobra.Command) {
	in.decoding.flags(cmd)
	in.redaction.flags(cmd)
	cmd.Flags().StringVar(&in.mapFile, "redact-map", "", "write what was replaced by what to `FILE`, for its owner alone")
	cmd.Flags().BoolVarP(&in.quiet, "quiet", "q", false, "no warnings and no progress on standard error")
	cmd.Flags().BoolVar(&in.noProgress, "no-progress", false, "no progress bar")
}

// reading is what became of reading captures.
type reading struct {
	files []capture.FileInfo
	stats *decode.Stats
	// failed says that an input, or the rest of one, could not be read; its reason is printed by report.
	failed error

	skipped int
	first   []capture.SkippedFile
	paths   []string // of the files, where those of files are not theirs
}

// path gives the name to open the i-th file by.
func (r *reading) path(i int) string {
	if r.paths != nil {
		return r.paths[i]
	}
	return r.files[i].Path
}

// errTerminal says that nobody can type a capture.
var errTerminal = errors.New("standard input is a terminal, not a capture")

// read gives every message of the captures to fn, redacted if the flags say so. The error says that there is
// no result at all: nothing could be opened, fn failed, or ctx ended.
func (in *input) read(ctx context.Context, s *Streams, paths []string, opt decode.Options, fn func(*decode.Record) error) (*reading, error) {
	if in.run != nil {
		return in.readRedacted(ctx, s, paths, opt, fn)
	}
	return in.pass(ctx, s, paths, opt, fn)
}

// observe lets an engine observe every message of the captures, and reads them for it on all cores.
func (in *input) observe(ctx context.Context, s *Streams, paths []string, opt decode.Options, engine *correlate.Engine) (*reading, error) {
	opt.Digest = engine.Digester
	return in.read(ctx, s, paths, opt, func(rec *decode.Record) error {
		engine.Observe(rec)
		return nil
	})
}

// pass gives every message of the captures to fn as it is.
func (in *input) pass(ctx context.Context, s *Streams, paths []string, opt decode.Options, fn func(*decode.Record) error) (*reading, error) {
	if slices.Contains(paths, "-") && s.InTerminal {
		return nil, errTerminal
	}
	if err := in.apply(&opt); err != nil {
		return nil, err
	}
	set, err := openCaptures(ctx, s, paths)
	if err != nil {
		return nil, err
	}
	defer set.Close()
	if s.ErrTerminal && !in.quiet && !in.noProgress {
		defer progress(s.Err, progressAfter, set.Progress)()
	}
	var src capture.Source = set
	if in.watch != nil {
		src = watched{set, in.watch}
	}
	var failed error
	r := &reading{}
	r.stats, err = decode.Run(ctx, src, opt, func(rec *decode.Record) error {
		failed = fn(rec)
		return failed
	})
	switch {
	case failed != nil:
		return nil, failed
	case ctx.Err() != nil:
		return nil, ctx.Err()
	}
	r.failed = err
	r.files = set.Files()
	r.skipped, r.first = set.Skipped()
	all := len(r.first)
	r.first = slices.DeleteFunc(r.first, func(f capture.SkippedFile) bool { return sameFile(f.Path, in.own) })
	r.skipped -= all - len(r.first)
	return r, nil
}

// openCaptures opens the captures. Opening a named pipe waits for who writes into it, which no context ends.
func openCaptures(ctx context.Context, s *Streams, paths []string) (*capture.Set, error) {
	type opened struct {
		set *capture.Set
		err error
	}
	c := make(chan opened, 1)
	go func() {
		set, err := capture.Open(ctx, paths, capture.Options{Stdin: s.In})
		c <- opened{set, err}
	}()
	select {
	case o := <-c:
		return o.set, o.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// watched is a set that somebody looks at as it is read.
type watched struct {
	*capture.Set
	look func(*capture.Batch)
}

func (w watched) Next(ctx context.Context) (*capture.Batch, error) {
	b, err := w.Set.Next(ctx)
	if err == nil {
		w.look(b)
	}
	return b, err
}

// report says on standard error what was wrong with the inputs. It gives errReported if one could not be
// read; damage that reading went on after is a warning and no failure.
func (in *input) report(s *Streams, r *reading) error {
	var result error
	known := false
	for i := range r.files {
		f := &r.files[i]
		if f.Err != nil {
			result = errReported
			known = known || r.failed != nil && errors.Is(r.failed, f.Err)
			say(s.Err, "%v", f.Err)
		}
		if in.quiet {
			continue
		}
		total := uint64(0)
		for _, c := range f.Counts {
			total += c.N
		}
		shown := min(len(f.Warnings), maxWarnings)
		for _, w := range f.Warnings[:shown] {
			say(s.Err, "%s: %v", f.Path, w)
		}
		if n := total - min(total, uint64(shown)); n > 0 {
			say(s.Err, "%s: %s like these", f.Path, render.Count(n, "more warning"))
		}
	}
	if !in.quiet {
		in.undecodable(s, r)
		in.closed(s, r)
	}
	if r.failed != nil {
		result = errReported
		if !known {
			say(s.Err, "%v", r.failed)
		}
	}
	if r.skipped > 0 && !in.quiet {
		f := r.first[0]
		text := fmt.Sprintf("not read: %s (%s)", f.Path, f.Reason)
		if r.skipped > 1 {
			text += " and " + render.Count(r.skipped-1, "more file")
		}
		say(s.Err, "%s", text)
	}
	return result
}

// undecodable says what packets could not be read, the commonest reason first.
func (in *input) undecodable(s *Streams, r *reading) {
	if r.stats == nil {
		return
	}
	reasons := slices.SortedFunc(maps.Keys(r.stats.Undecodable), func(a, b string) int {
		return cmp.Or(cmp.Compare(r.stats.Undecodable[b].Packets, r.stats.Undecodable[a].Packets), cmp.Compare(a, b))
	})
	for i, reason := range reasons {
		if i == maxWarnings {
			say(s.Err, "%s", render.Count(uint64(len(reasons)-i), "more reason"))
			return
		}
		u := r.stats.Undecodable[reason]
		path := ""
		if int(u.File) < len(r.files) {
			path = r.files[u.File].Path + ": "
		}
		say(s.Err, "%s%s not decoded: %s, first in frame %d", path, render.Count(u.Packets, "packet"), reason, u.Frame)
	}
}

// closed says which TLS connections a key log did not open. Without one nobody expects them to be.
func (in *input) closed(s *Streams, r *reading) {
	if in.keyLog == "" || r.stats == nil {
		return
	}
	var why []string
	total, opened := uint64(0), uint64(0)
	for _, reason := range slices.Sorted(maps.Keys(r.stats.TLS)) {
		n := r.stats.TLS[reason]
		if total += n; reason == decode.TLSOpened {
			opened = n
			continue
		}
		why = append(why, fmt.Sprintf("%s %s", reason, render.Number(n)))
	}
	switch {
	case total == 0:
		say(s.Err, "%s: no TLS connection in the captures", in.keyLog)
	case len(why) > 0:
		say(s.Err, "%s of %s opened: %s", render.Number(opened), render.Count(total, "TLS connection"), strings.Join(why, ", "))
	}
}
