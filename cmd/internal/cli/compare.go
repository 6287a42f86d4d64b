package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"imscope/cmd/internal/who"
	"imscope/correlate"
	"imscope/correlate/compare"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode"
	"imscope/render"
	"imscope/render/comparison"
	"imscope/render/words"
)

// compareOptions are the flags of compare.
type compareOptions struct {
	input
	look
	users    []string
	format   string
	all      bool
	exitCode bool
}

func newCompare(s *Streams) *cobra.Command {
	opt := &compareOptions{}
	cmd := &cobra.Command{
		Use:   "compare FILE|DIR|- [FILE|DIR|-]",
		Short: "Line up the flows of two users, or of one before and after a change",
		Long: `compare lines up what two users did, step by step: two handsets, one handset before
and after an upgrade, a network that works and one that does not. It tells missing
and extra steps, other answers, headers and parameters that differ, and where one
takes much longer. What differs in any two flows is left out: branches, tags,
Call-IDs, nonces, addresses, names.

The users are the only one of each side, or those that --user names: one for both
sides, or one for each. With one capture both users are of it.

  =  the same    ~  not the same    −  on the left alone    +  on the right alone
  ·  on a link that the other side does not show

Exit status: 0 done, 1 with --exit-code if the flows differ, 2 wrong usage, 3 an
input could not be read or has no such user.`,
		Example: `  imscope compare good.pcap bad.pcap
  imscope compare before/ after/ --user +44-123-456-789
  imscope compare lab.pcap --user 001010000000005 --user 001010000000006
  imscope compare good.pcap bad.pcap --format json | jq '.steps[] | select(.kind != "same")'`,
		Args: func(cmd *cobra.Command, args []string) error {
			switch len(args) {
			case 1, 2:
				return nil
			case 0:
				return usage(cmd, errors.New("compare needs two captures, or one with two users"))
			}
			return usage(cmd, fmt.Errorf("compare takes two captures, got %d; a directory is one", len(args)))
		},
		RunE: func(cmd *cobra.Command, args []string) error { return runCompare(cmd, s, opt, args) },
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringArrayVar(&opt.users, "user", nil, "the user called `NAME` on both sides; given twice, on the left and on the right")
	enumVar(cmd, &opt.format, "format", "output format", "text", "json", "html")
	cmd.Flags().BoolVar(&opt.all, "all", false, "every step in text, also those without a difference")
	cmd.Flags().BoolVar(&opt.exitCode, "exit-code", false, "exit with 1 if the flows differ")
	opt.look.flags(cmd)
	opt.input.flags(cmd)
	return cmd
}

func runCompare(cmd *cobra.Command, s *Streams, opt *compareOptions, paths []string) error {
	switch {
	case len(opt.users) > 2:
		return usage(cmd, fmt.Errorf("compare takes two users, got %d", len(opt.users)))
	case len(paths) == 1 && len(opt.users) < 2:
		return usage(cmd, errors.New("compare needs two captures, or one with two users"))
	case len(paths) == 2 && paths[0] == "-" && paths[1] == "-":
		return usage(cmd, errors.New("standard input can be one side only"))
	}
	ropt, err := opt.look.options(cmd, s)
	if err != nil {
		return err
	}
	ropt.All = opt.all
	queries, err := parseQueries(opt.users)
	if err != nil {
		return usage(cmd, err)
	}
	if err := opt.begin(cmd, s, opt.quiet); err != nil {
		return err
	}
	opt.choosing(len(queries) > 0)
	var sides [2]*side
	for i := range sides {
		sides[i] = &side{cmd: cmd, s: s, opt: opt, path: paths[min(i, len(paths)-1)]}
		if len(queries) > 0 {
			sides[i].query = queries[min(i, len(queries)-1):][:1]
		}
		if err := sides[i].read(); err != nil {
			return err
		}
	}
	l, r := sides[0], sides[1]
	c := &comparison.Comparison{Result: compare.Flows(l.flow, r.flow, l.findings, r.findings), Version: version(),
		LeftSide: comparison.Side{Captures: l.names}, RightSide: comparison.Side{Captures: r.names}}
	switch opt.format {
	case "json":
		err = comparison.JSON(s.Out, c)
	case "html":
		err = comparison.HTML(s.Out, c)
	default:
		err = comparison.Text(s.Out, c, ropt)
	}
	switch {
	case cmd.Context().Err() != nil:
		return cmd.Context().Err()
	case err != nil:
		return fmt.Errorf("cannot write the comparison: %w", err)
	case l.failed != nil || r.failed != nil:
		return errReported
	case opt.exitCode && !c.Equal():
		return errFindings
	}
	return nil
}

// side is one of the two.
type side struct {
	cmd   *cobra.Command
	s     *Streams
	opt   *compareOptions
	path  string
	query []who.Query

	names    []string
	flow     *compare.Flow
	findings []finding.Finding
	failed   error
}

// read finds the user and the texts of its messages: two passes.
func (d *side) read() error {
	ctx, paths := d.cmd.Context(), []string{d.path}
	engine := correlate.NewEngine(correlate.Options{KeepDuplicates: d.opt.copies})
	s, err := d.opt.spool(ctx, d.s, paths)
	if err != nil {
		return err
	}
	in, err := d.opt.input.observe(ctx, s, paths, reportDecode(), engine)
	if err != nil {
		return err
	}
	for i := range in.files {
		d.names = append(d.names, in.files[i].Path)
	}
	d.failed = d.opt.report(d.s, in)
	rep := engine.Close(in.files, in.stats)
	if err := d.choose(rep); err != nil {
		return err
	}
	if s, err = d.opt.spool(ctx, d.s, paths); err != nil {
		return err
	}
	_, err = d.opt.input.read(ctx, s, paths, reportDecode(), func(rec *decode.Record) error {
		d.flow.Add(rec)
		return nil
	})
	return err
}

// choose takes the user that was asked for, else the most interesting one.
func (d *side) choose(rep *correlate.Report) error {
	sel := d.opt.choose(rep, d.query, nil)
	if sel.Len() == 0 {
		if len(d.query) == 0 {
			return fmt.Errorf("%s: nobody registers", d.path)
		}
		return sel.unknown(d.s)
	}
	at := 0
	if sel.Len() > 1 {
		best := -1
		for i, n := range correlate.Map(sel.Report, func(_ int, u *story.User) int { return words.Interest(u, of(rep.Findings, u)) }) {
			if n > best {
				at, best = i, n
			}
		}
	}
	for u := range sel.Select([]int{at}).Users() {
		d.flow = compare.NewFlow(u)
		for _, f := range of(rep.Findings, u) {
			d.findings = append(d.findings, *f)
		}
	}
	if sel.Len() > 1 && !d.opt.quiet {
		say(d.s.Err, "%s: %s of %s; --user names another", d.path, d.flow.User.ID, render.Count(sel.Len(), "user"))
	}
	return nil
}

// of gives the findings of a user.
func of(list []finding.Finding, u *story.User) []*finding.Finding {
	var out []*finding.Finding
	for i := range list {
		if list[i].User == u.ID {
			out = append(out, &list[i])
		}
	}
	return out
}
