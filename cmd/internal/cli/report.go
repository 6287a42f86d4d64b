package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"imscope/correlate"
	"imscope/decode"
	"imscope/render"
	"imscope/render/report"
)

// reportOptions are the flags of report.
type reportOptions struct {
	input
	output string
	title  string
	users  []string
	filter string
	most   int
	view   string
}

func newReport(s *Streams) *cobra.Command {
	opt := &reportOptions{}
	cmd := &cobra.Command{
		Use:   "report FILE|DIR|-... -o FILE",
		Short: "Write a page to hand on: verdicts, drawings, messages, findings",
		Long: `report writes what analyze tells as a file for somebody who has neither the
captures nor this program. The file's ending says what it becomes:

` + reportEndings() + `
An HTML report is one page that needs nothing but itself. Of a capture with many
users it tells the most interesting ones in detail and has one row for each other.
Cipher and integrity keys are left out of the messages; identities are not: --user
and --filter say whose story it is. The captures are read twice, for the texts of
the messages in the end; standard input is kept in a temporary file.

Exit status: 0 done, 2 wrong usage, 3 an input could not be read or has no such
user, or the report could not be written.`,
		Example: `  imscope report trace.pcapng -o trace.html
  imscope report captures/ --user +44-123-456-789 -o tobias.html
  imscope report trace.pcapng --user tobias -o ladder.svg
  imscope report trace.pcapng --user tobias --view lanes -o lanes.svg`,
		Args: atLeastOne("a capture file, a directory, or - for standard input"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runReport(cmd, s, opt, args)
		},
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringVarP(&opt.output, "output", "o", "", "write to `FILE`; its ending says what it becomes")
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(endings(), cobra.ShellCompDirectiveFilterFileExt))
	cmd.Flags().StringVar(&opt.title, "title", "", "call the report `TEXT`")
	cmd.Flags().StringArrayVar(&opt.users, "user", nil, "only the user called `NAME`: identity, number, IMSI or instance; may be repeated")
	cmd.Flags().StringVar(&opt.filter, "filter", "", "only users with a message, de-registration or finding for which `EXPR` holds, see 'imscope help filter'")
	cmd.Flags().IntVar(&opt.most, "max-users", report.DefaultUsers, "tell at most `N` users in detail")
	enumVar(cmd, &opt.view, "view", "what an SVG file shows", viewLadder, viewLanes)
	opt.input.flags(cmd)
	return cmd
}

// What an SVG file shows.
const (
	viewLadder = "ladder"
	viewLanes  = "lanes"
)

func runReport(cmd *cobra.Command, s *Streams, opt *reportOptions, paths []string) error {
	if opt.output == "" {
		return usage(cmd, errors.New("report needs -o FILE"))
	}
	format := formatOf(opt.output)
	if format == nil {
		return usage(cmd, fmt.Errorf("%q ends in none of %s", opt.output, strings.Join(endings(), ", ")))
	}
	if cmd.Flags().Changed("view") && format.name != "svg" {
		return usage(cmd, errors.New("--view is for SVG files"))
	}
	if opt.most < 1 {
		return usage(cmd, errors.New("--max-users must be at least 1"))
	}
	if slices.ContainsFunc(paths, func(p string) bool { return sameFile(p, opt.output) }) {
		return usage(cmd, fmt.Errorf("-o %s is one of the captures", opt.output))
	}
	queries, err := parseQueries(opt.users)
	if err != nil {
		return usage(cmd, err)
	}
	only, err := compileFilter(opt.filter)
	if err != nil {
		return usage(cmd, err)
	}

	opt.own = opt.output
	if err := opt.begin(cmd, s, opt.quiet); err != nil {
		return err
	}
	opt.choosing(len(queries) > 0 || only != nil)
	defer pace(s)()
	first := s
	if format.texts && again(slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return p == "-" })) {
		if first, err = opt.spool(cmd.Context(), s, paths); err != nil {
			return err
		}
	}
	engine := correlate.NewEngine(correlate.Options{KeepDuplicates: opt.copies})
	in, err := opt.observe(cmd.Context(), first, paths, reportDecode(), engine)
	if err != nil {
		return err
	}
	opt.title = opt.titled(opt.title)
	rep := engine.Close(in.files, in.stats)
	sel := opt.choose(rep, queries, only)

	failed := opt.input.report(s, in)
	if err := sel.unknown(s); failed == nil {
		failed = err
	}
	if sel.Len() == 0 && len(sel.missing) > 0 {
		return failed // a page about nobody would look as if all were well
	}
	run := &reportRun{cmd: cmd, s: s, opt: opt, paths: paths, in: in, plan: report.NewPlan(sel.Report, opt.most)}
	if err := writeOutput(s, opt.output, func(w io.Writer) error { return format.write(w, run) }); err != nil {
		if ctx := cmd.Context(); ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("cannot write the report: %w", err)
	}
	if !opt.quiet {
		sel.nobody(s, only)
		if rep.Stats.SIPMessages == 0 && rep.Stats.DiameterMessages == 0 && failed == nil {
			say(s.Err, "no SIP and no Diameter message among %s", render.Count(rep.Stats.Packets, "packet"))
		}
	}
	return failed
}

// reportDecode gives the options of the decoder. Both passes use the same, so that frames agree.
func reportDecode() decode.Options {
	return decode.Options{Check: true, CheckFrames: checkedFrames}
}

// made says what the report is made from.
func (r *reportRun) made() report.Made {
	m := report.Made{Version: version()}
	add := func(name, value string) { m.Options = append(m.Options, name, quoted(value)) }
	for _, u := range r.opt.users {
		add("--user", r.opt.shown(u))
	}
	if r.opt.filter != "" {
		add("--filter", r.opt.shown(r.opt.filter))
	}
	if r.opt.most != report.DefaultUsers {
		add("--max-users", strconv.Itoa(r.opt.most))
	}
	if r.opt.title != "" {
		add("--title", r.opt.title)
	}
	if r.opt.copies {
		m.Options = append(m.Options, "--keep-duplicates")
	}
	if r.opt.keyLog != "" {
		add("--tls-keylog", r.opt.shown(filepath.Base(r.opt.keyLog)))
	}
	if r.opt.run != nil {
		m.Options = append(m.Options, "--redact")
		if r.opt.plmn != keep {
			add("--redact-plmn", r.opt.plmn)
		}
		if r.opt.hosts != hide {
			add("--redact-hosts", r.opt.hosts)
		}
	}
	if links := r.opt.user.String(); links != "" {
		for l := range strings.SplitSeq(links, ",") {
			add("--user-dlt", l)
		}
	}
	for _, f := range r.in.first {
		m.Skipped = append(m.Skipped, filepath.Base(f.Path)+" ("+f.Reason+")")
	}
	if n := r.in.skipped - len(r.in.first); n > 0 {
		m.Skipped = append(m.Skipped, render.Count(n, "more file"))
	}
	return m
}

// sameFile reports whether two paths are of the same file.
func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// quoted gives a word as a shell takes it.
func quoted(word string) string {
	if word != "" && strings.IndexFunc(word, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("@%+=:,./-_", r))
	}) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
