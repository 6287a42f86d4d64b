package cli

import (
	"context"
	"fmt"
	"strings"

	"imscope/correlate"
	"imscope/correlate/extract"
	"imscope/correlate/story"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/decode/network"
)

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
		sel = extract.Select(rep.Users(), rep.Findings, x.opt.registrationOnly)
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
	set, err := openCaptures(x.ctx, s, x.paths)
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
