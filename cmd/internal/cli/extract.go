package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"imscope/cmd/internal/pcapng"
	"imscope/correlate"
	"imscope/correlate/extract"
	"imscope/correlate/story"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/decode/network"
	"imscope/decode/rewrite"
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

Exit status: 0 done, 2 wrong usage, 3 an input could not be read, no user matches,
or the capture could not be written.`,
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
	if !opt.quiet {
		sel.warn(s)
	}
	failed := opt.report(s, x.in)
	if !opt.all && sel.Len() == 0 {
		if failed == nil && len(sel.missing) == 0 {
			failed = errors.New("nobody is selected, nothing is written")
		}
		if failed == nil {
			failed = errReported
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

// extraction is one run of extract.
type extraction struct {
	ctx   context.Context
	s     *Streams
	opt   *extractOptions
	paths []string
	in    *reading // of the first pass
	began int64    // time of the first message

	collector *extract.Collector
	check     *extract.Check
	differ    []string // users of whom the packets alone tell something else
	written   int
	blanked   uint64
}

// decode gives the options of the decoder, the same in all passes, so that frames agree.
func (x *extraction) decode() decode.Options { return decode.Options{} }

// pass reads the captures once more. The first pass says what is wrong with them, and shows progress.
func (x *extraction) pass(opt decode.Options, fn func(*decode.Record) error) (*reading, error) {
	s, err := x.opt.spool(x.ctx, x.s, x.paths)
	if err != nil {
		return nil, err
	}
	return x.opt.pass(x.ctx, s, x.paths, opt, fn)
}

// analyze tells the users of the captures, if any are asked for.
func (x *extraction) analyze() (*correlate.Report, error) {
	engine := correlate.NewEngine(correlate.Options{KeepDuplicates: x.opt.copies})
	in, err := x.pass(x.decode(), func(rec *decode.Record) error {
		if x.opt.run != nil {
			x.opt.run.r.Learn(rec)
		}
		if x.began == 0 || rec.Time < x.began {
			x.began = rec.Time
		}
		if !x.opt.all {
			engine.Observe(rec)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	x.in = in
	return engine.Close(in.files, in.stats), nil
}

// maxTries is how often the set of packets is made larger: once for messages that cannot be read alone, once for a
// verdict that is another one without the rest of the connections.
const maxTries = 2

// collect finds the packets, and sees to it that they can be read without the others.
func (x *extraction) collect(rep *correlate.Report) error {
	sel := extract.Everything()
	if !x.opt.all {
		sel = extract.Select(rep.Users(), x.opt.registrationOnly)
	}
	x.collector = extract.NewCollector(sel)
	if _, err := x.pass(x.decode(), func(rec *decode.Record) error { x.collector.Record(rec); return nil }); err != nil {
		return err
	}
	for try := 0; ; try++ {
		if err := x.segments(); err != nil || x.opt.all {
			return err
		}
		alone, err := x.verify()
		if err != nil {
			return err
		}
		x.differ = differing(rep, alone)
		if try == maxTries || !x.check.Widen(len(x.differ) > 0) {
			return nil
		}
	}
}

// segments adds what else of TCP connections belongs to the messages.
func (x *extraction) segments() error {
	if !x.collector.NeedsSegments() {
		return nil
	}
	opt := x.decode()
	opt.Packet = func(pk *capture.Packet, p *network.Packet) { x.collector.Segment(pk, p) }
	if _, err := x.pass(opt, func(*decode.Record) error { return nil }); err != nil {
		return err
	}
	x.collector.Finish()
	return nil
}

// verify reads the packets alone, and tells their users.
func (x *extraction) verify() (*correlate.Report, error) {
	x.check = x.collector.NewCheck()
	engine := correlate.NewEngine(correlate.Options{KeepDuplicates: x.opt.copies})
	var stats *decode.Stats
	err := x.source(func(src capture.Source) error {
		opt := x.decode()
		if err := x.opt.apply(&opt); err != nil {
			return err
		}
		var err error
		stats, err = decode.Run(x.ctx, src, opt, func(rec *decode.Record) error {
			x.check.Record(rec)
			engine.Observe(rec)
			return nil
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return engine.Close(x.in.files, stats), nil
}

// source opens the captures and gives fn their packets that were collected.
func (x *extraction) source(fn func(capture.Source) error) error {
	s, err := x.opt.spool(x.ctx, x.s, x.paths)
	if err != nil {
		return err
	}
	set, err := capture.Open(x.ctx, x.paths, capture.Options{Stdin: s.In})
	if err != nil {
		return err
	}
	defer set.Close()
	err = fn(extract.Only(set, x.collector.Frames()))
	if x.ctx.Err() != nil {
		return x.ctx.Err()
	}
	return err
}

// verdict is what has to be the same of a user.
func verdict(u *story.User) string {
	var b strings.Builder
	for _, d := range u.Deregistrations {
		fmt.Fprintln(&b, d.Initiator, d.Outcome, d.Scope, d.Cause, d.Contacts, d.Identities, len(d.Told))
	}
	for _, v := range u.Bindings {
		fmt.Fprintln(&b, v.AOR, v.Contact, v.Active, v.Event)
	}
	return b.String()
}

// differing lists the users of rep of whom alone tells something else.
func differing(rep, alone *correlate.Report) []string {
	got := map[string]string{}
	for u := range alone.Users() {
		got[u.ID] = verdict(u)
	}
	var list []string
	for u := range rep.Users() {
		if got[u.ID] != verdict(u) {
			list = append(list, u.ID)
		}
	}
	return list
}

// write writes the capture.
func (x *extraction) write(w io.Writer) error {
	out := pcapng.NewWriter(w, pcapng.Options{Application: "imscope " + version(), Interface: x.describe})
	if x.in.files != nil && x.opt.run == nil {
		x.interfaces(out)
	}
	err := x.source(func(src capture.Source) error {
		if x.opt.run != nil {
			return x.redacted(src, out)
		}
		secrets := x.secrets(src)
		return x.each(src, func(pk *capture.Packet) error {
			for _, s := range secrets() {
				out.Secrets(s)
			}
			return out.Packet(pk)
		})
	})
	x.span(out)
	return errors.Join(err, out.Flush())
}

// span says in the capture how long the ones that it is made of went on: that a user was silent until their end may be
// what there is to tell.
func (x *extraction) span(out *pcapng.Writer) {
	var covers []capture.Cover
	began := x.began
	for i := range x.in.files {
		f := &x.in.files[i]
		covers = append(covers, f.Covers()...)
		if b := f.Began(); b != 0 { // it is made of a longer one itself
			began = min(began, b)
		}
	}
	slices.SortFunc(covers, func(a, b capture.Cover) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	n := 0
	for _, c := range covers {
		if n > 0 && c.From <= covers[n-1].To {
			covers[n-1].To = max(covers[n-1].To, c.To)
			continue
		}
		covers[n] = c
		n++
	}
	for i, c := range covers[:n] {
		if i == 0 {
			c.From = max(c.From, began) // users are told from the first message on
		}
		out.Span(c.From, c.To)
	}
}

// secrets gives a function that gives the decryption secrets of the captures that have come since the last call, if
// the messages were sealed.
func (x *extraction) secrets(src capture.Source) func() []capture.Secret {
	holder, ok := src.(interface{ Secrets() []capture.Secret })
	known := map[*byte]bool{}
	return func() []capture.Secret {
		if !ok || !x.collector.Sealed() {
			return nil
		}
		return slices.DeleteFunc(holder.Secrets(), func(s capture.Secret) bool {
			if len(s.Data) == 0 || known[&s.Data[0]] {
				return true
			}
			known[&s.Data[0]] = true
			return false
		})
	}
}

// each calls fn with each packet.
func (x *extraction) each(src capture.Source, fn func(*capture.Packet) error) error {
	for {
		b, err := src.Next(x.ctx)
		switch {
		case err == io.EOF:
			return nil
		case err != nil && x.ctx.Err() == nil:
			return nil // what is wrong with the captures was said of the first pass
		case err != nil:
			return err
		}
		for i := range b.Packets {
			x.written++
			if err := fn(&b.Packets[i]); err != nil {
				b.Release()
				return err
			}
		}
		b.Release()
	}
}

// redacted writes packets with names replaced.
func (x *extraction) redacted(src capture.Source, out *pcapng.Writer) error {
	rw := rewrite.New(x.opt.run.r)
	rw.UserDLT(x.opt.decoding.user.links)
	var list []capture.Packet
	err := x.each(src, func(pk *capture.Packet) error {
		if err := rw.Add(pk); err != nil {
			return err
		}
		list = append(list, *pk)
		return nil
	})
	if err != nil {
		return err
	}
	rw.Finish()
	x.blanked = rw.Stats.Blanked
	for i := range list {
		list[i].Data = rw.Packet(i)
		if err := out.Packet(&list[i]); err != nil {
			return err
		}
	}
	return nil
}

// maxInterfaces is how many interfaces are written that nothing was captured at; of more, those with packets are.
const maxInterfaces = 64

// interfaces writes those of the captures in their order, so that their numbers stay.
func (x *extraction) interfaces(out *pcapng.Writer) {
	n := 0
	for i := range x.in.files {
		n += len(x.in.files[i].Interfaces)
	}
	if n > maxInterfaces {
		return
	}
	for i := range x.in.files {
		for k, f := range x.in.files[i].Interfaces {
			out.Describe(uint16(i), uint32(k), f.Link)
		}
	}
}

// describe says what the captures say of an interface.
func (x *extraction) describe(file uint16, iface uint32) capture.Interface {
	if int(file) >= len(x.in.files) || int(iface) >= len(x.in.files[file].Interfaces) {
		return capture.Interface{Resolution: pcapng.Nanoseconds}
	}
	f := x.in.files[file].Interfaces[iface]
	if x.opt.run != nil {
		f.Name, f.Description = x.opt.run.r.String(f.Name), ""
	}
	return f
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
