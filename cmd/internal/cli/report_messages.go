package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"slices"

	"imscope/decode"
	"imscope/render/report"
)

// errEnough ends a pass when it has seen all that it is for.
var errEnough = errors.New("enough")

// lateFrames is how far behind its frame a message may still come out, having waited for earlier bytes of
// its connection.
const lateFrames = 10_000

// messages reads the captures once more for the texts of the messages that the report shows. Where they
// cannot be read again, made says why there are none.
func (r *reportRun) messages(made *report.Made) (*report.Messages, error) {
	switch {
	case r.opt.stdin == nil && !again(r.paths):
		made.NoTexts = "a pipe can be read only once"
		if !r.opt.quiet {
			say(r.s.Err, "the report has no texts of messages: %s", made.NoTexts)
		}
		return nil, nil
	case r.plan.Wanted() == 0:
		return &report.Messages{}, nil
	}
	msgs := &report.Messages{}
	last := r.plan.LastFrame()
	// What is wrong with the captures was said of the first pass.
	in := input{decoding: r.opt.decoding, redaction: r.opt.redaction, stdin: r.opt.stdin, quiet: true, noProgress: r.opt.noProgress || r.opt.quiet}
	s, err := in.spool(r.cmd.Context(), r.s, r.paths)
	if err != nil {
		return nil, err
	}
	_, err = in.read(r.cmd.Context(), s, r.paths, reportDecode(), func(rec *decode.Record) error {
		if r.plan.Wants(rec.Frame) {
			msgs.Add(rec)
		}
		if rec.Frame > last && rec.Frame-last > lateFrames {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		if ctx := r.cmd.Context(); ctx.Err() != nil {
			return nil, ctx.Err()
		}
		made.NoTexts = "the captures could not be read a second time"
		return nil, nil
	}
	return msgs, nil
}

// again reports whether inputs can be read a second time. What is not there cannot be read at all, which the reader says.
func again(paths []string) bool {
	return !slices.ContainsFunc(paths, func(p string) bool {
		if p == "-" {
			return true
		}
		info, err := os.Stat(p)
		return err == nil && !info.Mode().IsRegular() && !info.IsDir()
	})
}

// sums gives the SHA-256 of each input that is a regular file, none in a redacted report, where it would lead whoever has
// the files to the one with the names.
func (r *reportRun) sums(made *report.Made) error {
	if r.opt.run != nil {
		made.NoSums = "names are replaced, and a checksum would lead to the file that has them"
		return nil
	}
	made.Sums = map[string]string{}
	for i := range r.in.files {
		path := r.in.path(i)
		if path == "-" || made.Sums[r.in.files[i].Path] != "" {
			continue
		}
		sum, err := fileSum(r.cmd.Context(), path)
		switch {
		case r.cmd.Context().Err() != nil:
			return r.cmd.Context().Err()
		case err == nil:
			made.Sums[r.in.files[i].Path] = sum
		}
		// A file that is gone has no sum, and the report says so.
	}
	return nil
}

// fileSum gives the SHA-256 of a regular file.
func fileSum(ctx context.Context, path string) (string, error) {
	// Asked before it is opened: opening a named pipe again would wait for ever.
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return "", errors.Join(err, errors.New("no regular file"))
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, interruptibleReader{ctx, f}); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// interruptibleReader is a reader that stops when its context does.
type interruptibleReader struct {
	ctx context.Context
	r   io.Reader
}

func (r interruptibleReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
