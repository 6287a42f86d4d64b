package cli

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"imscope/correlate"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/decode/problem"
	"imscope/render"
	"imscope/render/formats"
	"imscope/render/json"
)

// checkStream refuses what analyze cannot do without a report in the end.
func (o *analyzeOptions) checkStream(cmd *cobra.Command) error {
	switch o.format {
	case formats.Text, formats.NDJSON:
	case formats.JSON:
		return errors.New("--stream prints lines as they become known, json is one object of all users: take --format ndjson")
	default:
		return fmt.Errorf("--stream prints lines as they become known, %s is tables of all users: take --format ndjson", o.format)
	}
	for _, no := range []struct{ flag, why string }{
		{"view", "draws users when all is known of them"},
		{"all", "is about the report on all users"},
		{"expect", "compares users when all is known of them"},
	} {
		if cmd.Flags().Changed(no.flag) {
			return fmt.Errorf("--stream forgets users as soon as it can, --%s %s", no.flag, no.why)
		}
	}
	return nil
}

// streamRun is one run of analyze --stream.
type streamRun struct {
	lines  lines
	stream *correlate.Stream
	out    io.Writer
	buf    []byte
	found  [problem.Error + 1]uint64 // findings by severity
	chosen [problem.Error + 1]uint64 // those of them that were asked for
	failed error                     // of the output
}

// runStream tells what happens in captures as it becomes known on their clock.
func runStream(cmd *cobra.Command, s *Streams, opt *analyzeOptions, look render.Options, l lines, paths []string) error {
	defer pace(s)()
	r := &streamRun{lines: l}
	r.lines.format = opt.format
	r.lines.begin(look, opt.width == 0 && !opt.result.streams(s).OutTerminal, false)
	r.stream = correlate.NewStream(correlate.Options{KeepDuplicates: opt.copies}, r.emit)
	dopt := opt.decode()
	var gaps gaps
	opt.watch = gaps.look
	dopt.Digest = r.stream.Digester
	dopt.Batch = func(*capture.Batch, *decode.Stats) error { return r.flush() }
	var in *reading
	var rep *correlate.Report
	path := opt.output
	if path == "" {
		path = "-"
	}
	if err := writeOutput(s, path, func(w io.Writer) (err error) {
		r.out = interruptible{cmd.Context(), w}
		in, err = opt.read(cmd.Context(), s, paths, dopt, func(rec *decode.Record) error {
			for _, g := range gaps.before(rec.Time) {
				r.stream.Gap(g.From, g.To)
			}
			r.stream.Observe(rec)
			return r.failed
		})
		if err != nil {
			return err
		}
		r.stream.Finish(in.files)
		rep = r.stream.Close(in.files, in.stats)
		r.close(look, rep)
		return r.flush()
	}); err != nil {
		return err
	}
	failed := opt.report(s, in)
	sel := selection{Report: rep, missing: r.lines.search.missing(), near: r.lines.search.near}
	if err := sel.unknown(s); failed == nil {
		failed = err
	}
	if !opt.quiet {
		if opt.filter != "" && len(sel.missing) == 0 && r.lines.count == 0 {
			say(s.Err, "--filter holds for nothing that was told")
		}
		if failed == nil {
			opt.empty(s, rep)
		}
	}
	if least, err := parseSeverity(opt.failOn); failed == nil && err == nil && slices.Max(r.chosen[least:]) > 0 {
		return errFindings
	}
	return failed
}

// emit takes what has become known.
func (r *streamRun) emit(m correlate.Emission) {
	n := r.lines.count
	r.buf = r.lines.append(r.buf, &m)
	if m.Finding != nil {
		severity := min(m.Finding.Severity, problem.Error)
		r.found[severity]++
		r.chosen[severity] += r.lines.count - n
	}
	if len(r.buf) > flushBytes {
		// The next flush gives the error again.
		_ = r.flush()
	}
}

// flush writes the lines that have gathered. Its error is the first one.
func (r *streamRun) flush() error {
	if r.failed == nil && len(r.buf) > 0 {
		if _, err := r.out.Write(r.buf); err != nil {
			r.failed = outputError(err)
		}
	}
	r.buf = r.buf[:0]
	return r.failed
}

// close adds the statistics.
func (r *streamRun) close(look render.Options, rep *correlate.Report) {
	st, t := &rep.Stats, r.stream.Totals()
	if r.lines.format == formats.NDJSON {
		r.buf = json.AppendStats(r.buf, look.Version, rep.Captures, st)
		return
	}
	if r.lines.count > 0 {
		r.buf = append(r.buf, '\n')
	}
	d := st.Deregistrations
	r.buf = fmt.Appendf(r.buf, "%s, %s, %s, %s, %s\n", render.Count(st.Packets, "packet"), render.Count(st.SIPMessages+st.DiameterMessages, "message"),
		streamed(st.Users, t.UsersDropped), render.Count(t.Registrations, "registration"),
		counted(uint64(d.User+d.Network+d.Expiry+d.Unknown), "de-registration", []uint64{uint64(d.User), uint64(d.Network), uint64(d.Expiry), uint64(d.Unknown)},
			[]string{"by the user", "by the network", "by expiry", "by unknown"}))
	r.buf = fmt.Appendf(r.buf, "%s\n", counted(sum(r.found[:]), "finding", r.found[:], []string{"info", "warning", "error"}))
	for _, what := range slices.Sorted(maps.Keys(st.Dropped)) {
		r.buf = fmt.Appendf(r.buf, "forgotten to bound memory: %s %s\n", strings.ReplaceAll(what, "-", " "), render.Number(st.Dropped[what]))
	}
}

// streamed counts users. Who was forgotten and came again was counted again, and nobody knows of whom that is so.
func streamed(users int, forgotten uint64) string {
	text := render.Count(users, "user")
	if forgotten > 0 {
		text = "at most " + text
	}
	return text
}

func sum(list []uint64) (n uint64) {
	for _, v := range list {
		n += v
	}
	return n
}

// counted writes a number of things and, behind it, what kinds they are.
func counted(n uint64, noun string, of []uint64, kinds []string) string {
	var parts []string
	for i, k := range of {
		if k > 0 {
			parts = append(parts, render.Number(k)+" "+kinds[i])
		}
	}
	if len(parts) == 0 {
		return render.Count(n, noun)
	}
	return render.Count(n, noun) + " (" + strings.Join(parts, ", ") + ")"
}
