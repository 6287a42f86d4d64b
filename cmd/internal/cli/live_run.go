package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"imscope/correlate"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/render"
	"imscope/render/json"
)

const (
	// advanceEvery is how often users are told anew. With the time that packets wait for their batch it keeps what
	// happens within a tenth of a second of being printed.
	advanceEvery = 40 * time.Millisecond
	// groupEvery is how often with --group, so that what belongs together gathers.
	groupEvery = time.Second
	// advanceUsers is how many users are told between two looks at the clock.
	advanceUsers = 64
	// tellBudget is how long users may be told at a time when nothing waits. The more packets wait the shorter it is,
	// down to leastBudget: reading goes first, but nobody is forgotten. A user who waits is told of more at once,
	// which costs less.
	tellBudget  = 25 * time.Millisecond
	leastBudget = 4 * time.Millisecond
	// countEvery is how often the counters are looked at.
	countEvery = time.Second
	// flushBytes of lines are written at once, though not all that there is to tell has been told.
	flushBytes = 256 << 10
	// sayEvery is how often lost packets are said again.
	sayEvery = 10 * time.Second
)

// errEnded says that the run ended as it should, though by a signal.
var errEnded = errors.New("ended")

// liveState is what a run knows.
type liveState struct {
	mu      sync.Mutex // of standard error
	live    *correlate.Live
	began   time.Time
	clock   clock
	told    time.Time // when users were told last
	left    bool      // not all of them
	counted time.Time
	said    time.Time
	lost    uint64 // packets that were lost when it was said last
	sender  *hepSender
	metrics *liveMetrics
	hangup  chan struct{}
	failed  error     // of the output
	pressed time.Time // when packets waited last; zero while memory counts
	base    uint32    // frame of the source that is 0 for the analysis
	frames  []uint32
}

// clock is the capture's clock: the time of the latest packet, and what has passed since.
type clock struct {
	last int64
	at   time.Time // when the latest packet was taken
}

func (c *clock) packet(t int64, now time.Time) {
	if t >= c.last {
		c.last, c.at = t, now
	}
}

// now gives the capture's time, 0 before the first packet.
func (c *clock) now(now time.Time) int64 {
	if c.last == 0 {
		return 0
	}
	return c.last + max(int64(now.Sub(c.at)), 0)
}

// run reads until the context ends, and then prints the report.
func (r *liveRun) run(ctx context.Context) error {
	r.live = correlate.NewLive(correlate.Options{KeepDuplicates: r.opt.copies})
	r.lines.begin(r.look, r.opt.width == 0 && (!r.streams.OutTerminal || r.opt.output != ""), r.opt.group)
	r.began = time.Now()
	r.hangup = make(chan struct{}, 1)
	defer onHangup(r.hangup)()

	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		var end <-chan time.Time
		if r.opt.length > 0 {
			end = time.After(r.opt.length)
		}
		select {
		case <-ctx.Done():
		case <-end:
		case <-done:
		}
		r.source.Stop()
	})
	r.source.Start()
	r.notice("listening on " + r.inputs())
	opt := decode.Options{Check: true, CheckFrames: checkedFrames, Batch: r.batch, Digest: r.live.Digester}
	if r.saved != nil {
		opt.Packet = r.saved.Packet
	}
	st, err := decode.Run(context.Background(), r.source, opt, r.record)
	close(done)
	wg.Wait()
	if r.failed != nil {
		return r.failed
	}
	if ferr := r.finish(st); ferr != nil {
		return ferr
	}
	if err != nil {
		return errReported // notice has said it
	}
	if ctx.Err() != nil {
		return errEnded
	}
	return nil
}

// inputs names what is read.
func (r *liveRun) inputs() string {
	return strings.Join(slices.Concat(r.opt.interfaces, r.opt.hep, r.opt.follow), ", ")
}

// record takes the next message.
func (r *liveRun) record(rec *decode.Record) error {
	if r.saved != nil {
		r.saved.Record(rec)
	}
	if r.sender != nil {
		r.sender.send(rec)
	}
	if r.opt.run != nil {
		rec = r.opt.run.r.Record(rec)
	}
	r.renumber(rec)
	r.live.Observe(rec)
	return nil
}

// maxFrame is where frames are numbered anew: their 32 bits last for a day or for a year, as traffic goes.
const maxFrame = 3 << 30

// renumber keeps the frames that the analysis sees below maxFrame. Those of the source start again from 0 by
// themselves, so differences are right at any time.
func (r *liveRun) renumber(rec *decode.Record) {
	if rec.Frame-r.base > maxFrame {
		const by = 1 << 31
		r.live.Rebase(by)
		r.base += by
	}
	if r.base == 0 {
		return
	}
	rec.Frame -= r.base
	r.frames = append(r.frames[:0], rec.Frames...) // the record's are borrowed
	for i := range r.frames {
		r.frames[i] -= r.base
	}
	rec.Frames = r.frames
}

// batch lets the clock go on.
func (r *liveRun) batch(b *capture.Batch, st *decode.Stats) error {
	now := time.Now()
	for i := len(b.Packets) - 1; i >= 0; i-- {
		if !b.Packets[i].NoTime {
			r.clock.packet(b.Packets[i].Time, now)
			break
		}
	}
	every := advanceEvery
	if r.opt.group {
		every = groupEvery
	}
	if r.saved != nil {
		_ = r.saved.Flush() // it has said what is wrong
	}
	if now.Sub(r.told) >= every || r.left && len(b.Packets) == 0 {
		r.advance(now)
		if err := r.flush(); err != nil {
			return err
		}
	}
	select {
	case <-r.hangup:
		r.reopen()
	default:
	}
	if now.Sub(r.counted) >= countEvery {
		r.counted = now
		r.sayLost(now)
		r.metrics.update(r, st)
	}
	return nil
}

// outputError words an error of the output. A reader who has seen enough is no failure.
func outputError(err error) error {
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe) {
		return err
	}
	return fmt.Errorf("cannot write: %w", err)
}

// advance tells users until all are told, or the time is up.
func (r *liveRun) advance(now time.Time) {
	n, most := r.source.Waiting()
	r.collect(now, n > most/8)
	budget := max(tellBudget*time.Duration(most-min(8*n, most))/time.Duration(most), leastBudget)
	r.told = now
	at := r.clock.now(now)
	if at == 0 {
		return
	}
	for {
		if r.left = r.live.Advance(at, advanceUsers, r.emit); !r.left || time.Since(now) > budget {
			return
		}
	}
}

const (
	// calmGC and pressedGC are how much the heap grows, in percent, between two collections of garbage. While packets
	// wait, memory is worth less than time: a collection costs a fifth of the time at 100, a tenth at 250.
	calmGC, pressedGC = 100, 250
	// calmAfter is how long nothing must wait before memory counts again.
	calmAfter = 30 * time.Second
)

// collect says how often garbage is collected, unless the user does (GOGC).
func (r *liveRun) collect(now time.Time, pressed bool) {
	switch {
	case r.streams.Getenv("GOGC") != "":
	case pressed:
		if r.pressed.IsZero() {
			debug.SetGCPercent(pressedGC)
		}
		r.pressed = now
	case !r.pressed.IsZero() && now.Sub(r.pressed) > calmAfter:
		debug.SetGCPercent(calmGC)
		r.pressed = time.Time{}
	}
}

// emit prints what is new, if it was asked for.
func (r *liveRun) emit(m correlate.Emission) {
	r.metrics.emission(m)
	r.out.buf = r.lines.append(r.out.buf, &m)
	if len(r.out.buf) > flushBytes {
		r.flush()
	}
}

// flush writes the lines that have gathered. Its error is the first one.
func (r *liveRun) flush() error {
	if err := r.out.flush(); err != nil && r.failed == nil {
		r.failed = outputError(err)
	}
	return r.failed
}

// reopen opens the outputs anew: SIGHUP.
func (r *liveRun) reopen() {
	if err := r.out.reopen(); err != nil {
		r.notice(fmt.Sprintf("%v; the old file is written further", err))
	}
	if r.saved != nil {
		_ = r.saved.Reopen() // it has said what is wrong
	}
}

// sayLost says when packets were lost, not more often than people can read.
func (r *liveRun) sayLost(now time.Time) {
	if now.Sub(r.said) < sayEvery {
		return
	}
	var lost, kernel, shed, all uint64
	for _, c := range r.source.Counters() {
		lost, kernel, shed, all = lost+c.Lost, kernel+c.Dropped, shed+c.Shed, all+c.Packets
	}
	if total := lost + kernel + shed; total > r.lost {
		r.lost, r.said = total, now
		r.notice(fmt.Sprintf("too fast: %s dropped by the kernel, %s of media and %s of other packets left out, %s taken since the beginning",
			render.Number(kernel), render.Number(shed), render.Number(lost), render.Number(all)))
	}
}

// finish tells the rest and prints the report.
func (r *liveRun) finish(st *decode.Stats) error {
	now := r.clock.last
	if now != 0 {
		r.live.Finish(now, r.emit)
	}
	files := r.source.Files()
	if r.opt.run != nil {
		r.opt.run.harmless(files, st)
	}
	rep := r.live.Close(files, st)
	if r.live.Totals.Folded > 0 || r.live.Totals.UsersDropped > 0 {
		rep.Stats.Deregistrations = r.live.Totals.Deregistrations // those that were forgotten, too
	}
	sel := selection{Report: rep}
	if len(r.lines.queries) > 0 {
		sel = selectUsers(rep, r.lines.queries)
	}
	if r.lines.only != nil {
		sel.Report = filterUsers(sel.Report, r.lines.only)
	}
	if r.opt.format == "ndjson" {
		r.out.buf = json.AppendStats(r.out.buf, r.look.Version, rep.Captures, &rep.Stats)
		if err := r.flush(); err != nil {
			return err
		}
		r.summary(rep)
		return nil
	}
	if r.lines.count > 0 && r.opt.format == "text" {
		r.out.buf = append(r.out.buf, '\n')
	}
	if err := r.flush(); err != nil {
		return err
	}
	format, err := r.renderer()
	if err != nil {
		return err
	}
	if err := format.Render(r.out.w, sel.Report); err != nil {
		return outputError(err)
	}
	_ = sel.unknown(r.streams) // who may yet come is no failure
	r.summary(rep)
	return nil
}

// summary says on standard error how the run went.
func (r *liveRun) summary(rep *correlate.Report) {
	if r.opt.quiet {
		return
	}
	t := &r.live.Totals
	r.notice(fmt.Sprintf("%s: %s, %s, %s, %s", render.Duration(int64(time.Since(r.began))),
		render.Count(rep.Stats.SIPMessages+rep.Stats.DiameterMessages, "message"), render.Count(t.Registrations, "registration"),
		render.Count(deregistrations(t), "de-registration"), render.Count(total(t.Findings), "finding")))
	for _, c := range r.source.Counters() {
		text := fmt.Sprintf("%s: %s", c.Name, render.Count(c.Packets, "packet"))
		if c.Kind == "interface" {
			text += fmt.Sprintf(", %s dropped by the kernel", render.Number(c.Dropped))
		}
		if c.Shed+c.Lost > 0 {
			text += fmt.Sprintf(", %s of media and %s of other packets left out", render.Number(c.Shed), render.Number(c.Lost))
		}
		if c.Refused > 0 {
			text += ", " + render.Number(c.Refused) + " refused"
		}
		r.notice(text)
	}
	if t.Folded > 0 || t.UsersDropped > 0 {
		r.notice(fmt.Sprintf("what was over is not in the report: %s, %s", render.Count(t.Folded, "exchange"), render.Count(t.UsersDropped, "user")))
	}
	if r.saved != nil {
		c := r.saved.Counters()
		text := fmt.Sprintf("%s: %s", r.saved.Path(), render.Count(c.Packets, "packet"))
		if c.Files > 1 {
			text += " in " + render.Count(c.Files, "file")
			if c.Kept < c.Files {
				text += ", the last " + render.Number(c.Kept) + " of them kept"
			}
		}
		if c.Missed > 0 {
			text += ", " + render.Number(c.Missed) + " could not be written"
		}
		r.notice(text)
	}
}

func deregistrations(t *correlate.Totals) int {
	d := t.Deregistrations
	return d.User + d.Network + d.Expiry + d.Unknown
}

func total(m map[string]uint64) uint64 {
	n := uint64(0)
	for _, v := range m {
		n += v
	}
	return n
}
