package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"imscope/correlate"
	"imscope/correlate/finding"
	"imscope/correlate/statistics"
	"imscope/correlate/story"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/render"
	"imscope/render/csv"
	"imscope/render/json"
	"imscope/render/text"
)

// statsOptions are the flags of stats.
type statsOptions struct {
	input
	look
	format string
	bucket time.Duration
	by     string
	all    bool
	users  []string
	filter string
}

// allGroups is the word of --by for every dimension.
const allGroups = "all"

func newStats(s *Streams) *cobra.Command {
	opt := &statsOptions{}
	cmd := &cobra.Command{
		Use:   "stats FILE|DIR|-...",
		Short: "Count over all users: success ratios, delays, who ended registrations, responses",
		Long: `stats counts over all users of the captures: how many registrations succeeded and
how long they took, how often and how late they were refreshed, who ended them and
why, which answers were given on which hop, where the time goes, and what was
wrong; over time, and by access network, User-Agent, P-CSCF and visited network.

A registration is a REGISTER with those that answer the challenges to it. The ratio
is that of the registrations whose end is in the captures. Medians and percentiles
are within 2 %.

Exit status: 0 done, 2 wrong usage, 3 an input could not be read or has no such user.`,
		Example: `  imscope stats trace.pcapng
  imscope stats --bucket 5m --by p-cscf captures/
  imscope stats --format json trace.pcap.gz | jq '.total.registrations.initial'
  imscope stats --format csv --bucket 1h captures/ > day.csv`,
		Args: atLeastOne("a capture file, a directory, or - for standard input"),
		RunE: func(cmd *cobra.Command, args []string) error { return runStats(cmd, s, opt, args) },
	}
	words := []string{allGroups}
	for _, d := range statistics.Dimensions() {
		words = append(words, string(d))
	}
	cmd.Flags().SortFlags = false
	enumVar(cmd, &opt.format, "format", "output format", "text", "json", "csv")
	cmd.Flags().DurationVar(&opt.bucket, "bucket", 0, "length of a `TIME` bucket: 30s, 5m, 1h (default: some twenty of them)")
	enumVar(cmd, &opt.by, "by", "what users are grouped by; one alone is counted over time as well", words...)
	cmd.Flags().BoolVar(&opt.all, "all", false, "every row in text")
	cmd.Flags().StringArrayVar(&opt.users, "user", nil, "only the user called `NAME`: identity, number, IMSI or instance; may be repeated")
	cmd.Flags().StringVar(&opt.filter, "filter", "", "only users with a message, de-registration or finding for which `EXPR` holds, see 'imscope help filter'")
	opt.look.flags(cmd)
	opt.input.flags(cmd)
	return cmd
}

func runStats(cmd *cobra.Command, s *Streams, opt *statsOptions, paths []string) error {
	ropt, err := opt.look.options(cmd, s)
	if err != nil {
		return err
	}
	ropt.All = opt.all
	if opt.bucket < 0 || opt.bucket != 0 && opt.bucket < time.Second {
		return usage(cmd, fmt.Errorf("--bucket must be at least 1s, not %v", opt.bucket))
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
	opt.choosing(len(queries) > 0 || only != nil)
	defer pace(s)()
	engine := correlate.NewEngine(correlate.Options{KeepDuplicates: opt.copies})
	in, err := opt.observe(cmd.Context(), s, paths, decode.Options{}, engine)
	if err != nil {
		return err
	}
	rep := engine.Close(in.files, in.stats)
	sel := opt.choose(rep, queries, only)
	rep = sel.Report
	if opt.bucket == 0 {
		opt.bucket = bucketFor(in.files)
	}
	st := collect(rep, opt)
	if err := writeStats(s, opt.format, rep, st, ropt); err != nil {
		if ctx := cmd.Context(); ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("cannot write the statistics: %w", err)
	}
	failed := opt.report(s, in)
	if err := sel.unknown(s); failed == nil {
		failed = err
	}
	if !opt.quiet {
		sel.nobody(s, only)
	}
	return failed
}

// collect counts every user once.
func collect(rep *correlate.Report, opt *statsOptions) *statistics.Statistics {
	var by []statistics.Dimension
	if opt.by != allGroups {
		by = []statistics.Dimension{statistics.Dimension(opt.by)}
	}
	findings := map[string][]finding.Finding{}
	for _, f := range rep.Findings {
		findings[f.User] = append(findings[f.User], f)
	}
	c := statistics.New(statistics.Options{Bucket: opt.bucket, By: by})
	for some := range correlate.Gather(rep, func() *[]*statistics.Observation { return new([]*statistics.Observation) },
		func(to *[]*statistics.Observation, _ int, u *story.User) {
			*to = append(*to, statistics.Observe(u, findings[u.ID]))
		}) {
		for _, o := range *some {
			c.Add(o)
		}
	}
	return c.Result()
}

func writeStats(s *Streams, format string, rep *correlate.Report, st *statistics.Statistics, opt render.Options) error {
	switch format {
	case "json":
		return json.Statistics(s.Out, rep, st, opt)
	case "csv":
		return csv.Statistics(s.Out, st)
	}
	return text.New(opt).Statistics(s.Out, rep, st)
}

// bucketFor gives a bucket width that makes about twenty rows of the captures' time.
func bucketFor(files []capture.FileInfo) time.Duration {
	var first, last int64
	for i := range files {
		if f := &files[i]; f.HasTime {
			if first == 0 || f.FirstTime < first {
				first = f.FirstTime
			}
			last = max(last, f.LastTime)
		}
	}
	const rows, day = 24, 24 * time.Hour
	widths := []time.Duration{time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute,
		30 * time.Minute, time.Hour, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, day, 7 * day}
	for _, w := range widths {
		if (last-first)/int64(w) < rows {
			return w
		}
	}
	return 28 * day
}
