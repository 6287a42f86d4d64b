package cli

import (
	"bufio"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"imscope/cmd/internal/filter"
	"imscope/correlate"
	"imscope/correlate/fact"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/render"
)

// messagesOptions are the flags of messages.
type messagesOptions struct {
	input
	look
	users   []string
	methods []string
	format  string
	filter  string
	raw     bool
}

func newMessages(s *Streams) *cobra.Command {
	opt := &messagesOptions{}
	cmd := &cobra.Command{
		Use:   "messages FILE|DIR|-...",
		Short: "List the decoded messages, one a line",
		Long: `messages lists every SIP and Diameter message of the captures as it was
transmitted, hop by hop: frame, time (UTC), endpoints, transport, what it is,
whom it is about, its Call-ID, and what is wrong with it and with the reginfo
document or Cx data that it carries. A transmission that was captured twice is
listed twice, the second time marked as such; with --keep-duplicates it is not. On
a terminal of less than 160 columns lines are short: the day above them, of names
and addresses what tells them apart.

--user, and user and node in --filter, mean the user by all names and the node by
its role: the captures are read twice for that. Standard input and named pipes are
listed as they come; there a message is known by its own names and addresses alone.

Exit status: 0 done, 2 wrong usage, 3 an input could not be read or has no such user.`,
		Example: `  imscope messages trace.pcap
  imscope messages --user tobias --method REGISTER,NOTIFY trace.pcap
  imscope messages --format ndjson trace.pcap | jq -r 'select(.problems != []).frame'`,
		Args: atLeastOne("a capture file, a directory, or - for standard input"),
		RunE: func(cmd *cobra.Command, args []string) error { return runMessages(cmd, s, opt, args) },
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringArrayVar(&opt.users, "user", nil, "only messages of or about the user called `NAME`: identity, number, IMSI or instance; may be repeated")
	cmd.Flags().StringSliceVar(&opt.methods, "method", nil, "only these `METHODS` and their responses, or Diameter commands")
	_ = cmd.RegisterFlagCompletionFunc("method", cobra.FixedCompletions(
		[]string{"REGISTER", "SUBSCRIBE", "NOTIFY", "INVITE", "PUBLISH", "MESSAGE", "OPTIONS", "UAR", "SAR", "MAR", "LIR", "RTR", "PPR"}, cobra.ShellCompDirectiveNoFileComp))
	cmd.Flags().StringVar(&opt.filter, "filter", "", "only messages for which `EXPR` holds, see 'imscope help filter'")
	cmd.Flags().BoolVar(&opt.raw, "raw", false, "print each message's bytes below its line, what is not printable escaped")
	enumVar(cmd, &opt.format, "format", "output format", "text", "ndjson")
	opt.look.flags(cmd)
	opt.input.flags(cmd)
	return cmd
}

func runMessages(cmd *cobra.Command, s *Streams, opt *messagesOptions, paths []string) error {
	ropt, err := opt.look.options(cmd, s)
	if err != nil {
		return err
	}
	if opt.raw && opt.format != "text" {
		return usage(cmd, errors.New("--raw is for text"))
	}
	queries, err := parseQueries(opt.users)
	if err != nil {
		return usage(cmd, err)
	}
	only, err := compileFilter(opt.filter)
	if err != nil {
		return usage(cmd, err)
	}
	if opt.width == 0 && !s.OutTerminal {
		ropt.Width = 0 // a pipe gets whole lines
	}
	out := bufio.NewWriterSize(s.Out, 64<<10)
	list := &messageList{out: out, again: newRepeats(), in: bodies{documents: fact.NewExtractor().NewReader()}, opt: ropt, search: newSearch(queries), only: only, raw: opt.raw, methods: opt.methods, met: make([]bool, len(opt.methods)), ndjson: opt.format == "ndjson"}
	if opt.copies {
		list.again = nil
	}
	if err := opt.begin(cmd, s, opt.quiet); err != nil {
		return err
	}
	list.redacting = opt.run
	if (len(queries) > 0 || asksForUsers(only)) && again(paths) {
		if list.known, err = opt.directory(cmd.Context(), s, paths, list.search, asksForUsers(only)); err != nil {
			return err
		}
	}
	dopt := decode.Options{Check: true}
	if s.InPipe || s.OutTerminal { // somebody may wait for each line
		dopt.Batch = func(*capture.Batch, *decode.Stats) error { return list.flush() }
	}
	in, err := opt.read(cmd.Context(), s, paths, dopt, list.record)
	if err != nil {
		return err
	}
	if err := list.flush(); err != nil {
		return err
	}
	failed := opt.report(s, in)
	sel := selection{Report: correlate.NewReport(0, nil), missing: list.search.missing(), near: list.search.near}
	if list.known != nil {
		sel.Stats.Users = list.known.count
	}
	if err := sel.unknown(s); failed == nil {
		failed = err
	}
	if opt.quiet {
		return failed
	}
	unmet := list.unmet()
	if len(unmet) > 0 {
		say(s.Err, "no message has the method %s", strings.Join(unmet, " or "))
	}
	if only != nil && list.count == 0 && len(sel.missing) == 0 && (len(opt.methods) == 0 || len(unmet) < len(opt.methods)) {
		say(s.Err, "--filter holds for no message")
	}
	return failed
}

// messageList writes messages as they come.
type messageList struct {
	out     *bufio.Writer
	opt     render.Options
	search  *search
	only    *filter.Filter
	known   *directory // nil where a message has to speak for itself
	count   uint64     // of messages that are listed
	again   *repeats
	methods []string
	met     []bool // which of methods some message has
	ndjson  bool
	raw     bool
	buf     []byte
	day     string // of the latest short line
	widths  [4]int // of the columns so far: they only grow, since nobody knows what comes
	in      bodies
	m       message

	redacting *redacting // nil without --redact
	own       message    // m as it was before
}

func (l *messageList) record(rec *decode.Record) error {
	m := &l.m
	m.tell(rec, &l.in)
	if l.again != nil {
		m.copy = l.again.known(rec)
	}
	filtered := m
	if l.redacting != nil { // messages are chosen by the names that they really have
		filtered = &l.own
		filtered.tell(l.redacting.original, &l.in)
	}
	if !l.wanted(filtered) {
		return nil
	}
	l.count++
	l.buf = l.buf[:0]
	if l.ndjson {
		l.json(m)
	} else {
		l.text(m)
		if l.raw {
			l.bytes(m)
		}
	}
	_, err := l.out.Write(l.buf)
	return err
}

// flush writes the lines that have gathered.
func (l *messageList) flush() error {
	if err := l.out.Flush(); err != nil {
		return outputError(err)
	}
	return nil
}

// asksForUsers reports whether a filter asks for what messages themselves do not say.
func asksForUsers(f *filter.Filter) bool { return f != nil && (f.Uses("user") || f.Uses("node")) }

// asked reports whether a message is of one of the methods.
func (l *messageList) asked(m *message) bool {
	asked := len(l.methods) == 0
	for i, w := range l.methods {
		if strings.EqualFold(w, m.method) {
			l.met[i], asked = true, true
		}
	}
	return asked
}

// unmet gives the methods that no message has.
func (l *messageList) unmet() (list []string) {
	for i, met := range l.met {
		if !met {
			list = append(list, l.methods[i])
		}
	}
	return list
}

// wanted reports whether a message passes the filters.
func (l *messageList) wanted(m *message) bool {
	asked := l.asked(m)
	var users []int
	if l.known != nil {
		users = l.known.of(m)
	}
	if len(l.search.queries) > 0 {
		mine := l.known == nil && l.search.see(m.about)
		if l.known != nil {
			mine = slices.ContainsFunc(users, func(u int) bool { return l.known.asked[u] }) || l.search.matches(m.about)
		}
		if !mine {
			return false
		}
	}
	if !asked || l.only == nil {
		return asked
	}
	row := m.row()
	if l.known != nil {
		l.known.complete(m, users, &row)
	}
	return l.only.Match(&row)
}
