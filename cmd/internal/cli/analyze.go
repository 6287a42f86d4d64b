package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"imscope/correlate"
	"imscope/decode"
	"imscope/decode/problem"
	"imscope/render"
	"imscope/render/formats"
	"imscope/render/style"
)

// analyzeOptions are the flags of analyze.
type analyzeOptions struct {
	input
	look
	result
	users  []string
	failOn string
	all    bool
	check  bool
	stream bool
	filter string
	expect string
}

// look holds the flags that say how text is to look.
type look struct {
	color string
	width int
}

func (l *look) flags(cmd *cobra.Command) {
	enumVar(cmd, &l.color, "color", "colours in text; auto: on a terminal, unless NO_COLOR is set", style.Modes()...)
	cmd.Flags().IntVar(&l.width, "width", 0, fmt.Sprintf("text in so many `COLUMNS` (default: the terminal's, else %d)", render.DefaultWidth))
}

// options turns the flags into what renderers take.
func (l *look) options(cmd *cobra.Command, s *Streams) (render.Options, error) {
	opt := render.Options{Width: l.width, Version: version()}
	if l.width != 0 && l.width < render.MinWidth {
		return opt, usage(cmd, fmt.Errorf("--width must be at least %d", render.MinWidth))
	}
	if l.width == 0 && s.OutTerminal {
		opt.Width = s.Width()
	}
	sheet, err := style.Choose(style.Mode(l.color), s.OutTerminal, s.Getenv)
	if err != nil {
		return opt, usage(cmd, err)
	}
	opt.Style = sheet
	return opt, nil
}

func newAnalyze(s *Streams) *cobra.Command {
	opt := &analyzeOptions{}
	cmd := &cobra.Command{
		Use:   "analyze FILE|DIR|-...",
		Short: "Tell what happened to each user: de-registrations, reginfo differences, findings",
		Long: `analyze reads captures (pcap, pcapng or snoop, compressed or not, directories of
them, or standard input) as one, in order of time, and tells per user: identities
and bindings, each de-registration with its initiator, cause, steps and effect,
each reginfo document as the difference to what its watcher knew before, and
what was wrong.

A capture of many users begins with a summary and shows the most interesting
ones in detail. With --stream there is a line for each message, document,
de-registration and finding instead, printed when it becomes known on the
capture's clock, as live does, and the statistics at the end: users are forgotten
when they are done, so that memory does not grow with the capture.

Exit status: 0 done, 1 a finding at or above --fail-on or a difference to --expect,
2 wrong usage, 3 an input could not be read or has no such user.`,
		Example: `  imscope analyze trace.pcapng
  imscope analyze --user tel:+44-123-456-789 captures/
  imscope analyze --format json trace.pcap.gz | jq '.users[].deregistrations'
  imscope analyze --view ladder --user tobias trace.pcap
  imscope analyze --table deregistrations -o deregs.csv captures/
  imscope analyze --fail-on error --quiet trace.pcap > report.txt`,
		Args: atLeastOne("a capture file, a directory, or - for standard input"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runAnalyze(cmd, s, opt, args)
		},
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringArrayVar(&opt.users, "user", nil, "only the user called `NAME`: identity, number, IMSI or instance; may be repeated")
	opt.result.flags(cmd)
	cmd.Flags().BoolVar(&opt.all, "all", false, "every user and every step in text; of more than 1,000 users in JSON also the rounds of each registration")
	opt.look.flags(cmd)
	enumVar(cmd, &opt.failOn, "fail-on", "exit with 1 if there is a finding of this severity or above", "never", "info", "warning", "error")
	cmd.Flags().BoolVar(&opt.check, "check", false, fmt.Sprintf("hold every SIP message against its whole grammar, not only those in the first %d frames: slower", checkedFrames))
	cmd.Flags().StringVar(&opt.filter, "filter", "", "only users with a message, de-registration or finding for which `EXPR` holds, see 'imscope help filter'")
	cmd.Flags().BoolVar(&opt.stream, "stream", false, "print lines as things become known, and forget who is done: for captures of any size; --filter chooses lines")
	cmd.Flags().StringVar(&opt.expect, "expect", "", "compare with the expectations in the YAML `FILE` (see 'imscope help expect'): print what differs and exit with 1")
	opt.input.flags(cmd)
	return cmd
}

// checkedFrames is how far the grammar of every message is checked without --check: all of a phone's or
// a lab's capture, a sample of a network's. A check costs ten times what parsing does.
const checkedFrames = 5000

// decode gives the options of the decoder.
func (o *analyzeOptions) decode() decode.Options {
	if o.check {
		return decode.Options{Check: true}
	}
	return decode.Options{Check: true, CheckFrames: checkedFrames}
}

func runAnalyze(cmd *cobra.Command, s *Streams, opt *analyzeOptions, paths []string) error {
	if err := opt.result.check(cmd, s, paths); err != nil {
		return usage(cmd, err)
	}
	ropt, err := opt.look.options(cmd, opt.result.streams(s))
	if err != nil {
		return err
	}
	ropt.All, ropt.View, ropt.Table = opt.all, opt.view, opt.table
	queries, err := parseQueries(opt.users)
	if err != nil {
		return usage(cmd, err)
	}

	only, err := compileFilter(opt.filter)
	if err != nil {
		return usage(cmd, err)
	}
	if opt.stream {
		if err := opt.checkStream(cmd); err != nil {
			return usage(cmd, err)
		}
		if err := opt.begin(cmd, s, opt.quiet); err != nil {
			return err
		}
		if queries, err = opt.queries(opt.users); err != nil {
			return usage(cmd, err)
		}
		return runStream(cmd, s, opt, ropt, lines{queries: queries, only: only}, paths)
	}
	want, err := readExpectation(opt.expect)
	if err != nil {
		return err
	}

	if err := opt.begin(cmd, s, opt.quiet); err != nil {
		return err
	}
	opt.choosing(len(queries) > 0 || only != nil)
	defer pace(s)()
	engine := correlate.NewEngine(correlate.Options{KeepDuplicates: opt.copies})
	in, err := opt.observe(cmd.Context(), s, paths, opt.decode(), engine)
	if err != nil {
		return err
	}
	rep := engine.CloseUnjudged(in.files, in.stats)
	if opt.format != formats.NDJSON || only != nil || len(queries) > 0 {
		rep.Judge() // lines of all users are written while they are judged
	}
	sel := opt.choose(rep, queries, only)
	if err := opt.result.write(cmd.Context(), s, ropt, sel.Report); err != nil {
		return err
	}
	failed := opt.report(s, in)
	if err := sel.unknown(s); failed == nil {
		failed = err
	}
	if !opt.quiet {
		sel.nobody(s, only)
		if failed == nil {
			opt.empty(s, rep)
		}
	}
	switch {
	case failed != nil:
		return failed
	case differs(s, want, rep), fails(sel.Report, opt.failOn):
		return errFindings
	}
	return nil
}

// empty says so where captures hold no message.
func (o *analyzeOptions) empty(s *Streams, rep *correlate.Report) {
	if rep.Stats.SIPMessages == 0 && rep.Stats.DiameterMessages == 0 {
		say(s.Err, "no SIP and no Diameter message among %s", render.Count(rep.Stats.Packets, "packet"))
	}
}

// renderReport writes the report. A context that ends meanwhile is the reason, whatever the writer says.
func renderReport(ctx context.Context, format render.Renderer, s *Streams, rep *correlate.Report) error {
	err := format.Render(s.Out, rep)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("cannot write the report: %w", err)
	}
	return nil
}

// fails reports whether the report holds a finding of the severity or above.
func fails(rep *correlate.Report, failOn string) bool {
	least, err := parseSeverity(failOn)
	if err != nil {
		return false
	}
	for i := range rep.Findings {
		if rep.Findings[i].Severity >= least {
			return true
		}
	}
	return false
}

// parseSeverity finds a severity by its word.
func parseSeverity(word string) (problem.Severity, error) {
	for s := problem.Info; s <= problem.Error; s++ {
		if s.String() == word {
			return s, nil
		}
	}
	return 0, errors.New("no such severity")
}
