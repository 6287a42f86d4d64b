package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"imscope/cmd/internal/save"
	"imscope/decode/capture/live"
	bpf "imscope/decode/capture/live/filter"
	"imscope/render"
	"imscope/render/formats"
)

// liveOptions are the flags of live.
type liveOptions struct {
	look
	redaction
	interfaces []string
	noPromisc  bool
	snapLen    int
	ring       bytesFlag
	bpfFile    string

	hep     []string
	hepKey  string
	hepSend []string

	follow    []string
	fromStart bool

	users  []string
	filter string
	format string
	group  bool
	all    bool
	output string
	quiet  bool
	copies bool
	length time.Duration

	write       string
	rotateSize  bytesFlag
	rotateEvery time.Duration
	keep        int

	listen string
	userID string
}

func newLive(s *Streams) *cobra.Command {
	opt := &liveOptions{}
	cmd := &cobra.Command{
		Use:   "live -i INTERFACE [CAPTURE FILTER]",
		Short: "Tell what happens in a running network, as it happens",
		Long: `live reads network interfaces, capture agents that send HEP, or capture files that
still grow, and prints one line for each registration, de-registration, reginfo
document and finding as it happens. Ctrl-C ends it with the report of the run.

Without a capture filter everything that can be signalling is kept, on any port,
and media is dropped in the kernel. A filter is in tcpdump's language; one that
asks for ports loses all but the first fragment of large messages, and live says
so. Capturing needs root, or CAP_NET_RAW, and gives the rights up once it has
begun.

What could not be kept up with is counted and said, never silent: media goes
first, signalling last.

Exit status: 0 done, by Ctrl-C and SIGTERM too, 2 wrong usage, 3 no right to capture,
or an input or output that failed.`,
		Example: `  sudo imscope live -i eth0
  sudo imscope live -i eth0 -i eth1 --user +44-123-456-789 --group
  sudo imscope live -i any 'udp port 5060 or tcp port 5060 or sctp'
  sudo imscope live -i eth0 -w /var/lib/imscope/ims.pcapng --rotate-size 100MiB --keep 20
  imscope live --hep 0.0.0.0:9060 --format ndjson | jq -c 'select(.type=="deregistration")'
  imscope live --follow /var/spool/tcpdump --listen :9167`,
		RunE: func(cmd *cobra.Command, args []string) error { return runLive(cmd, s, opt, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringArrayVarP(&opt.interfaces, "interface", "i", nil, "capture from `NAME`, or any; may be repeated")
	f.BoolVarP(&opt.noPromisc, "no-promiscuous", "p", false, "leave the interface in its mode")
	f.IntVarP(&opt.snapLen, "snaplen", "s", 0, "bytes of a packet that are taken (default: all)")
	opt.ring = 64 << 20
	if m := memory(); m > 0 {
		opt.ring = min(opt.ring, bytesFlag(m/2))
	}
	f.VarP(&opt.ring, "buffer", "B", "memory for packets that wait in the kernel, half of the machine's at most")
	f.StringVar(&opt.bpfFile, "bpf-file", "", "kernel filter from `FILE`, as printed by tcpdump -ddd")
	f.StringArrayVar(&opt.hep, "hep", nil, "collect HEP from agents at `HOST:PORT`, UDP and TCP; may be repeated")
	f.StringVar(&opt.hepKey, "hep-key", "", "take HEP only with this authentication `KEY`; @FILE reads it from a file")
	f.StringArrayVar(&opt.hepSend, "hep-send", nil, "send the signalling on to `HOST:PORT` as HEP version 3")
	f.StringArrayVar(&opt.follow, "follow", nil, "read the capture file or directory `PATH` as it grows and rotates; may be repeated")
	f.BoolVar(&opt.fromStart, "from-start", false, "with --follow: also read what is there already")
	f.StringArrayVar(&opt.users, "user", nil, "only the user called `NAME`: identity, number, IMSI or instance; may be repeated")
	f.StringVar(&opt.filter, "filter", "", "only lines for which `EXPR` holds, see 'imscope help filter'")
	enumVar(cmd, &opt.format, "format", "text and ndjson print lines as it happens, json the report at the end", "text", "ndjson", "json")
	f.BoolVar(&opt.group, "group", false, "group lines by user, once a second")
	f.BoolVar(&opt.all, "all", false, "every user and every step in the report at the end")
	f.StringVarP(&opt.output, "output", "o", "", "append to `FILE` instead of writing to standard output; SIGHUP opens it anew")
	f.StringVarP(&opt.write, "write", "w", "", "write the signalling packets to `FILE` as pcapng; SIGHUP opens it anew")
	f.Var(&opt.rotateSize, "rotate-size", "begin another file when one has that size, at least "+leastFile.String())
	f.DurationVar(&opt.rotateEvery, "rotate-time", 0, "begin another file after that time")
	f.IntVar(&opt.keep, "keep", 0, "keep only the last `N` files (default: all)")
	f.StringVar(&opt.listen, "listen", "", "serve Prometheus metrics and health at `HOST:PORT`, :9167 for example")
	f.StringVar(&opt.userID, "user-id", "", "user to become once everything is open (default: nobody if started as root)")
	f.BoolVar(&opt.copies, "keep-duplicates", false, "take a transmission that was captured twice for a retransmission")
	f.DurationVar(&opt.length, "for", 0, "end after that time")
	opt.look.flags(cmd)
	opt.redaction.flags(cmd)
	f.BoolVarP(&opt.quiet, "quiet", "q", false, "no counters and notices on standard error")
	return cmd
}

// leastFile is the smallest --rotate-size: with less there is a file for each message.
const leastFile bytesFlag = 16 << 10

// check looks for what does not fit together.
func (o *liveOptions) check(args []string) error {
	switch {
	case len(o.interfaces)+len(o.hep)+len(o.follow) == 0:
		return errors.New("live needs an interface (-i eth0, -i any), a collector (--hep) or files (--follow)")
	case len(o.interfaces) == 0 && (len(args) > 0 || o.bpfFile != ""):
		return errors.New("a capture filter needs an interface (-i); --filter and --user choose what is shown")
	case len(args) > 0 && o.bpfFile != "":
		return errors.New("either a capture filter or --bpf-file")
	case o.write == "" && (o.rotateSize > 0 || o.rotateEvery > 0 || o.keep > 0):
		return errors.New("--rotate-size, --rotate-time and --keep are about the file of -w")
	case o.keep > 0 && o.rotateSize == 0 && o.rotateEvery == 0:
		return errors.New("--keep needs --rotate-size or --rotate-time")
	case o.rotateEvery < 0 || o.length < 0 || o.keep < 0 || o.snapLen < 0:
		return errors.New("a negative length of time, number or size")
	case o.fromStart && len(o.follow) == 0:
		return errors.New("--from-start is about --follow")
	case o.redact && (o.write != "" || len(o.hepSend) > 0):
		return errors.New("--redact is about what is printed: -w and --hep-send have the packets as they are")
	case o.rotateSize > 0 && o.rotateSize < leastFile:
		return fmt.Errorf("--rotate-size %v: a file has at least %v", o.rotateSize, leastFile)
	case memory() > 0 && int64(o.ring) > memory()/2:
		return fmt.Errorf("--buffer %v: more than half of this machine's memory, %v", o.ring, bytesFlag(memory()>>20<<20))
	case o.write == "-":
		return errors.New("-w needs a file: standard output has the lines")
	case o.hepKey != "" && len(o.hep) == 0:
		return errors.New("--hep-key is about --hep")
	}
	return nil
}

// program reads the kernel filter that tcpdump compiled, and looks at the one that the user typed.
func (o *liveOptions) program(s *Streams, args []string) (bpf.Program, error) {
	if o.bpfFile != "" {
		f, err := os.Open(o.bpfFile)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		p, err := bpf.ReadProgram(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.bpfFile, err)
		}
		return p, nil
	}
	if len(args) == 0 {
		return nil, nil
	}
	// Compiled here for its mistakes and its traps; live does it again, or has libpcap do it.
	expression := strings.Join(args, " ")
	c, err := bpf.Compile(expression)
	if err != nil {
		return nil, err
	}
	if c.LosesFragments && !o.quiet {
		say(s.Err, "this filter loses all but the first fragment of large messages, since later ones have no ports. Better: '%s'",
			bpf.FragmentSafe(expression))
	}
	return nil, nil
}

func runLive(cmd *cobra.Command, s *Streams, opt *liveOptions, args []string) error {
	if opt.output == "-" {
		opt.output = ""
	}
	if err := opt.check(args); err != nil {
		return usage(cmd, err)
	}
	r := &liveRun{opt: opt, streams: s, lines: lines{format: opt.format}}
	var err error
	if r.look, err = opt.look.options(cmd, s); err != nil {
		return err
	}
	r.look.All = opt.all
	if err := opt.begin(cmd, s, opt.quiet); err != nil {
		return err
	}
	if r.lines.queries, err = opt.queries(opt.users); err != nil {
		return usage(cmd, err)
	}
	if r.lines.only, err = compileFilter(opt.filter); err != nil {
		return usage(cmd, err)
	}
	program, err := opt.program(s, args)
	if err != nil {
		return usage(cmd, err)
	}
	key, err := opt.key()
	if err != nil {
		return err
	}
	who, err := newAccount(opt.userID)
	if err != nil {
		return usage(cmd, err)
	}

	capture := live.Options{Interfaces: opt.interfaces, NoPromiscuous: opt.noPromisc, SnapLen: opt.snapLen,
		RingBytes: int(opt.ring), Filter: program, Expression: strings.Join(args, " "), Notice: r.notice}
	for _, addr := range opt.hep {
		capture.HEP = append(capture.HEP, live.HEPOptions{Addr: addr, Key: key})
	}
	stdin := s.In
	if p, ok := stdin.(*pipedInput); ok {
		stdin = p.r // an interrupt ends the run, not the input
	}
	for _, path := range opt.follow {
		if _, err := os.Stat(path); err != nil && path != "-" {
			return err
		}
		capture.Follow = append(capture.Follow, live.FollowOptions{Path: path, FromStart: opt.fromStart, Stdin: stdin})
	}
	if r.source, err = live.Open(capture); err != nil {
		return explainOpen(err)
	}
	defer r.source.Close()
	if err := r.open(who); err != nil {
		return err
	}
	defer r.close()
	if err := who.become(r.notice); err != nil {
		return err
	}
	for _, path := range opt.follow {
		if err := readable(path); err != nil {
			return fmt.Errorf("%w; %s has to be able to read it, or name another user with --user-id", err, who.describe())
		}
	}
	return r.run(cmd.Context())
}

// readable reports an error if a path is there and must not be read.
func readable(path string) error {
	if path == "-" {
		return nil
	}
	if info, err := os.Stat(path); err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		return nil // opening a pipe would wait for who writes into it
	}
	f, err := os.Open(path)
	if err == nil {
		return f.Close()
	}
	if errors.Is(err, os.ErrPermission) {
		return err
	}
	return nil
}

// explainOpen adds what to do about missing rights.
func explainOpen(err error) error {
	if !errors.Is(err, live.ErrPermission) {
		return err
	}
	self, serr := os.Executable()
	if serr != nil {
		self = "imscope"
	}
	return fmt.Errorf("%w: start it with sudo, or give the program the one right it needs:\n  sudo setcap cap_net_raw=ep %s", err, self)
}

// key gives the authentication key of agents. In a file it is not seen by all users of the machine.
func (o *liveOptions) key() (string, error) {
	path, ok := strings.CutPrefix(o.hepKey, "@")
	if !ok {
		return o.hepKey, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	key := strings.TrimRight(string(b), "\r\n")
	if key == "" {
		return "", fmt.Errorf("%s: no key in it", path)
	}
	return key, nil
}

// liveRun is one run of live.
type liveRun struct {
	opt     *liveOptions
	streams *Streams
	look    render.Options
	lines   lines
	source  *live.Source
	out     *liveOutput
	saved   *save.Writer // nil without -w
	liveState
}

// notice says something on standard error while the run goes on. Any goroutine may call it.
func (r *liveRun) notice(text string) {
	if r.opt.quiet {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	say(r.streams.Err, "%s", text)
}

// open opens the outputs, while there are rights to.
func (r *liveRun) open(who *account) error {
	out := r.streams.Out
	if i, ok := out.(interruptible); ok {
		out = i.w // what ends the run is not the end of its output
	}
	r.out = &liveOutput{w: out, path: r.opt.output, own: who.own}
	if r.opt.output != "" {
		if err := r.out.reopen(); err != nil {
			return err
		}
	}
	if r.opt.write != "" {
		if r.opt.rotateSize > 0 || r.opt.rotateEvery > 0 {
			// Before a first file is made, that would be left behind.
			if err := who.mayWrite(r.opt.write); err != nil {
				return err
			}
		}
		var err error
		r.saved, err = save.New(save.Options{Path: r.opt.write, MaxBytes: int64(r.opt.rotateSize), Every: r.opt.rotateEvery,
			Keep: r.opt.keep, Application: versionText(), Input: r.inputName, Notice: r.notice, Own: who.own})
		if err != nil {
			return err
		}
	}
	return r.serve()
}

func (r *liveRun) inputName(file uint16) string {
	if list := r.source.Counters(); int(file) < len(list) {
		return list[file].Name
	}
	return ""
}

func (r *liveRun) close() {
	if r.saved != nil {
		if err := r.saved.Close(); err != nil {
			r.notice(err.Error())
		}
	}
	r.out.close()
	r.unserve()
}

// renderer makes the renderer of the report at the end.
func (r *liveRun) renderer() (render.Renderer, error) { return formats.New(r.opt.format, r.look) }
