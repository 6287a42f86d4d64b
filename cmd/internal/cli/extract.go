package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"imscope/correlate"
	"imscope/render"
)

// extractOptions are the flags of extract.
type extractOptions struct {
	input
	users            []string
	filter           string
	all              bool
	registrationOnly bool
	output           string
}

func newExtract(s *Streams) *cobra.Command {
	opt := &extractOptions{}
	cmd := &cobra.Command{
		Use:   "extract FILE|DIR|-... --user NAME -w FILE",
		Short: "Write only the packets of some users as a capture",
		Long: `extract writes the packets that belong to users as one pcapng capture: their
messages on every hop, in whatever encapsulation, with all fragments, segments and
retransmissions, in their order, with their times and interfaces. Analyzed again it
tells the same of these users.

A TCP connection that carries nothing but these users' messages is written whole. Of
one that carries others' too, only the segments that hold theirs are written. What
others have in the same packets is said on standard error.

With --redact what is written names nobody: addresses, identities, numbers, hosts
and secrets are replaced by others of the same form and length, and the checksums
are right. With --all and --redact a whole capture's signalling can be given away.

The captures are read several times; standard input is kept in a temporary file.

Exit status: 0 done, 2 wrong usage, 3 an input could not be read or has no such
user, or the capture could not be written.`,
		Example: `  imscope extract trace.pcapng --user +44-123-456-789 -w tobias.pcapng
  imscope extract captures/ --user tobias --redact --redact-key @case.key -w case.pcapng
  imscope extract trace.pcapng --all --redact --redact-map names.json -w public.pcapng
  imscope extract captures/ --filter 'initiator == "network"' -w network.pcapng`,
		Args: atLeastOne("a capture file, a directory, or - for standard input"),
		RunE: func(cmd *cobra.Command, args []string) error { return runExtract(cmd, s, opt, args) },
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringArrayVar(&opt.users, "user", nil, "the user called `NAME`: identity, number, IMSI or instance; may be repeated")
	cmd.Flags().StringVar(&opt.filter, "filter", "", "users with a message, de-registration or finding for which `EXPR` holds, see 'imscope help filter'")
	cmd.Flags().BoolVar(&opt.all, "all", false, "every SIP and Diameter message, whoever it is of")
	cmd.Flags().BoolVar(&opt.registrationOnly, "registration-only", false, "no other messages that name the user, as of calls")
	cmd.Flags().StringVarP(&opt.output, "write", "w", "", "write to `FILE`, - for standard output")
	opt.input.flags(cmd)
	return cmd
}

func runExtract(cmd *cobra.Command, s *Streams, opt *extractOptions, paths []string) error {
	switch {
	case opt.output == "":
		return usage(cmd, errors.New("extract needs -w FILE"))
	case opt.output == "-" && s.OutTerminal:
		return usage(cmd, errors.New("a capture is not for a terminal: give -w FILE"))
	case !opt.all && len(opt.users) == 0 && opt.filter == "":
		return usage(cmd, errors.New("extract needs --user, --filter or --all"))
	case opt.all && (len(opt.users) > 0 || opt.filter != ""):
		return usage(cmd, errors.New("--all leaves nobody out: --user and --filter make no sense with it"))
	case slices.ContainsFunc(paths, func(p string) bool { return sameFile(p, opt.output) }):
		return usage(cmd, fmt.Errorf("-w %s is one of the captures", opt.output))
	}
	queries, err := parseQueries(opt.users)
	if err != nil {
		return usage(cmd, err)
	}
	only, err := compileFilter(opt.filter)
	if err != nil {
		return usage(cmd, err)
	}
	if err := opt.begin(cmd, s, opt.quiet); err != nil {
		return err
	}
	x := &extraction{ctx: cmd.Context(), s: s, opt: opt, paths: paths}
	rep, err := x.analyze()
	if err != nil {
		return err
	}
	sel := choose(rep, rep, queries, only)
	failed := opt.report(s, x.in)
	if err := sel.unknown(s); failed == nil {
		failed = err
	}
	if !opt.all && sel.Len() == 0 {
		if failed == nil {
			failed = errors.New("nobody is selected, nothing is written")
		}
		return failed
	}
	if err := x.collect(sel.Report); err != nil {
		return err
	}
	if err := writeOutput(s, opt.output, x.write); err != nil {
		if x.ctx.Err() != nil {
			return x.ctx.Err()
		}
		return fmt.Errorf("cannot write the capture: %w", err)
	}
	if opt.run != nil && opt.mapFile != "" {
		if err := writeMap(opt.mapFile, opt.run.r.Book); err != nil {
			return err
		}
	}
	if !opt.quiet {
		x.summary(sel.Report)
	}
	return failed
}

// summary says on standard error what was written.
func (x *extraction) summary(rep *correlate.Report) {
	whose := "all users"
	if !x.opt.all {
		whose = render.Count(rep.Len(), "user")
		for u := range rep.Users() {
			if rep.Len() == 1 {
				whose = u.ID
			}
			break
		}
	}
	total := uint64(0)
	if x.in.stats != nil {
		total = x.in.stats.Packets
	}
	say(x.s.Err, "%s of %s written, with %s of %s", render.Number(x.written), render.Count(total, "packet"), render.Count(x.collector.Messages(), "message"), whose)
	if c := x.check; c != nil {
		if c.Other > 0 {
			names := strings.Join(c.Names, ", ")
			if more := c.Other - len(c.Names); more > 0 {
				names += " and " + render.Count(more, "more message")
			}
			say(x.s.Err, "in the same packets or connections: %s of others: %s", render.Count(c.Other, "message"), names)
		}
		if n := c.Missing(); n > 0 {
			say(x.s.Err, "%s cannot be read from these packets alone", render.Count(n, "message"))
		}
	}
	for _, id := range x.differ[:min(len(x.differ), maxWarnings)] {
		say(x.s.Err, "these packets alone tell something else of %s than the whole captures", id)
	}
	if x.blanked > 0 {
		say(x.s.Err, "%s held something that cannot be redacted, which was made unreadable", render.Count(x.blanked, "packet"))
	}
}
