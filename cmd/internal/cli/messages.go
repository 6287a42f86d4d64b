package cli

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/clipperhouse/displaywidth"
	"github.com/spf13/cobra"

	"imscope/cmd/internal/filter"
	"imscope/correlate/identity"
	"imscope/decode"
	"imscope/decode/diameter"
	"imscope/decode/sip"
	"imscope/render"
	"imscope/render/json"
	"imscope/render/style"
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
whom it is about, its Call-ID, and what is wrong with it. A transmission that was
captured twice is listed twice, the second time marked as such; with
--keep-duplicates it is not.`,
		Example: `  imscope messages trace.pcap
  imscope messages --user tobias --method REGISTER,NOTIFY trace.pcap
  imscope messages --format ndjson trace.pcap | jq -r 'select(.problems != []).frame'`,
		Args: atLeastOne("a capture file, a directory, or - for standard input"),
		RunE: func(cmd *cobra.Command, args []string) error { return runMessages(cmd, s, opt, args) },
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringArrayVar(&opt.users, "user", nil, "only messages from, to or about the user called `NAME`; may be repeated")
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
	list := &messageList{out: out, again: newRepeats(), opt: ropt, queries: queries, only: only, raw: opt.raw, methods: opt.methods, ndjson: opt.format == "ndjson"}
	if opt.copies {
		list.again = nil
	}
	if err := opt.begin(cmd, s, opt.quiet); err != nil {
		return err
	}
	list.redacting = opt.run
	in, err := opt.read(cmd.Context(), s, paths, decode.Options{Check: true}, list.record)
	if err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("cannot write: %w", err)
	}
	return opt.report(s, in)
}

// message is what a line says of one message. Its texts borrow the record.
type message struct {
	rec      *decode.Record
	method   string // of the request, also in a response
	what     string // request: method; response: code and reason
	target   string // Request-URI of a request
	user     string // whom it is about
	about    []string
	callID   string // Session-Id of Diameter
	copy     bool   // of the same transmission, captured before
	problems []string
}

// messageList writes messages as they come.
type messageList struct {
	out     *bufio.Writer
	opt     render.Options
	queries []query
	only    *filter.Filter
	again   *repeats
	methods []string
	ndjson  bool
	raw     bool
	buf     []byte
	widths  [4]int // of the columns so far: they only grow, since nobody knows what comes
	cx      diameter.Cx
	m       message

	redacting *redacting // nil without --redact
	own       message    // m as it was before
}

func (l *messageList) record(rec *decode.Record) error {
	m := &l.m
	m.tell(rec, &l.cx)
	if l.again != nil {
		m.copy = l.again.known(rec)
	}
	filtered := m
	if l.redacting != nil { // messages are chosen by the names that they really have
		filtered = &l.own
		filtered.tell(l.redacting.original, &l.cx)
	}
	if !l.wanted(filtered) {
		return nil
	}
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

// tell says what a message is.
func (m *message) tell(rec *decode.Record, cx *diameter.Cx) {
	*m = message{rec: rec, about: m.about[:0], problems: m.problems[:0]}
	switch {
	case rec.SIP != nil:
		m.sip(rec.SIP)
	case rec.Diameter != nil:
		m.diameter(rec.Diameter, cx)
	}
}

// wanted reports whether a message passes the filters.
func (l *messageList) wanted(m *message) bool {
	if len(l.methods) > 0 {
		found := false
		for _, w := range l.methods {
			found = found || strings.EqualFold(w, m.method)
		}
		if !found {
			return false
		}
	}
	if l.only != nil {
		r := m.row()
		if !l.only.Match(&r) {
			return false
		}
	}
	if len(l.queries) == 0 {
		return true
	}
	for i := range l.queries {
		for _, name := range m.about {
			if l.queries[i].matches(name) {
				return true
			}
		}
	}
	return false
}

// row is what a filter sees of a message.
func (m *message) row() filter.Row {
	rec := m.rec
	r := filter.Row{Kind: "message", User: m.about, Method: m.method, Frame: int(rec.Frame), Time: render.UTC(rec.Time),
		Node:    filter.Names{rec.Src.String(), rec.Dst.String(), rec.Src.Addr().String(), rec.Dst.Addr().String()},
		Summary: m.what, CallID: m.callID, Problem: m.problems}
	if rec.SIP != nil {
		r.Status = rec.SIP.Status
	}
	return r
}

// bytes writes the message itself, line by line, harmless to a terminal.
func (l *messageList) bytes(m *message) {
	raw := []byte(nil)
	switch {
	case m.rec.SIP != nil:
		raw = m.rec.SIP.Raw
	case m.rec.Diameter != nil:
		l.buf = append(l.buf, hex.Dump(m.rec.Diameter.Raw)...)
		return
	}
	for line := range bytes.SplitSeq(bytes.TrimRight(raw, "\r\n"), []byte("\n")) {
		l.buf = append(l.buf, "         "...)
		l.buf = append(l.buf, render.Escape(string(bytes.TrimSuffix(line, []byte("\r"))))...)
		l.buf = append(l.buf, '\n')
	}
	l.buf = append(l.buf, '\n')
}

func (m *message) sip(s *sip.Message) {
	if _, method, ok := sip.ParseCSeq(s.First(sip.HdrCSeq)); ok {
		m.method = string(method)
	}
	if s.IsRequest {
		m.method = string(s.MethodSpan.In(s.Raw))
		m.what = m.method
		m.target = string(s.RequestURI.In(s.Raw))
	} else {
		m.what = strings.TrimSpace(strconv.Itoa(s.Status) + " " + string(s.Reason.In(s.Raw)))
	}
	m.callID = string(s.First(sip.HdrCallID))
	from, to := uri(s.First(sip.HdrFrom)), uri(s.First(sip.HdrTo))
	// From and To name the same user in REGISTER; else the user is whom the request is for.
	m.user = to
	if m.user == "" {
		m.user = from
	}
	m.about = append(m.about, from, to, m.target)
	if a, ok := sip.ParseAuth(s.First(sip.HdrAuthorization)); ok && len(a.Username) > 0 {
		m.about = append(m.about, string(a.Username))
	}
	for _, p := range s.Problems {
		m.problem(p.Code.ID)
	}
}

// uri gives the URI of a From or To.
func uri(v []byte) string {
	na, ok := sip.ParseNameAddr(v)
	if !ok {
		return ""
	}
	return identity.Display(string(na.URI))
}

func (m *message) diameter(d *diameter.Message, cx *diameter.Cx) {
	m.what = d.Name()
	// An answer goes by the name of its request.
	m.method = m.what
	if n := len(m.method); !d.Request && n == 3 && m.method[2] == 'A' {
		m.method = m.method[:2] + "R"
	}
	cx.Parse(d)
	m.callID = string(cx.SessionID)
	if len(cx.PublicIdentities) > 0 {
		m.user = string(cx.PublicIdentities[0])
	}
	for _, p := range cx.PublicIdentities {
		m.about = append(m.about, string(p))
	}
	if len(cx.UserName) > 0 {
		m.about = append(m.about, string(cx.UserName))
		if m.user == "" {
			m.user = string(cx.UserName)
		}
	}
	if !d.Request {
		switch {
		case cx.ExperimentalResult >= 0:
			m.what += " " + strconv.Itoa(int(cx.ExperimentalResult))
		case cx.ResultCode >= 0:
			m.what += " " + strconv.Itoa(int(cx.ResultCode))
		}
	}
	for _, p := range d.Problems {
		m.problem(p.Code.ID)
	}
	for _, p := range cx.Problems {
		m.problem(p.Code.ID)
	}
}

// problem notes a code once.
func (m *message) problem(id string) {
	for _, have := range m.problems {
		if have == id {
			return
		}
	}
	m.problems = append(m.problems, id)
}

// text writes the message as a line of columns.
func (l *messageList) text(m *message) {
	rec := m.rec
	used := 0
	put := func(role style.Role, s string) {
		s = render.Escape(s)
		w := displaywidth.String(s)
		if l.opt.Width > 0 && used+w > l.opt.Width {
			s = displaywidth.TruncateString(s, max(l.opt.Width-used, 0), "…")
			w = displaywidth.String(s)
		}
		l.buf = l.opt.Style.Append(l.buf, role, s)
		used += w
	}
	// column pads what was written since start up to the widest so far.
	column := func(i, start int) {
		const widest = 60
		l.widths[i] = max(l.widths[i], min(used-start, widest))
		put(style.Plain, strings.Repeat(" ", max(l.widths[i]-(used-start), 0)+2))
	}
	put(style.Frame, fmt.Sprintf("%7s", "#"+strconv.FormatUint(uint64(rec.Frame), 10)))
	when := ""
	if rec.Time != 0 {
		when = render.UTC(rec.Time).Format("2006-01-02 15:04:05.000000")
	}
	put(style.Faint, fmt.Sprintf("  %-26s  ", when))
	start := used
	put(style.Node, rec.Src.String())
	put(style.Faint, " → ")
	put(style.Node, rec.Dst.String())
	column(0, start)
	start = used
	put(style.Faint, rec.Proto.String())
	if path := rec.Path.String(); path != "" {
		put(style.Faint, " in "+path)
	}
	column(1, start)
	start = used
	role := style.Plain
	switch {
	case rec.SIP == nil || rec.SIP.IsRequest:
	case rec.SIP.Status >= 300:
		role = style.Bad
	case rec.SIP.Status >= 200:
		role = style.Good
	}
	put(role, m.what)
	if rec.SIP != nil && !rec.SIP.IsRequest && m.method != "" {
		put(style.Faint, " ("+m.method+")")
	}
	column(2, start)
	start = used
	put(style.Identity, m.user)
	column(3, start)
	put(style.Faint, m.callID)
	if m.copy {
		put(style.Faint, "  captured twice")
	}
	if len(m.problems) > 0 {
		put(style.Warn, "  "+strings.Join(m.problems, " "))
	}
	end := len(l.buf)
	for end > 0 && l.buf[end-1] == ' ' {
		end--
	}
	l.buf = append(l.buf[:end], '\n')
}

// json writes the message as an object.
func (l *messageList) json(m *message) {
	rec := m.rec
	b := append(l.buf, `{"type":"message","frame":`...)
	b = strconv.AppendUint(b, uint64(rec.Frame), 10)
	b = append(b, `,"frames":[`...)
	for i, f := range rec.Frames {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendUint(b, uint64(f), 10)
	}
	b = append(b, `],"time":`...)
	if rec.Time == 0 {
		b = append(b, "null"...)
	} else {
		b = json.AppendString(b, render.UTC(rec.Time).Format("2006-01-02T15:04:05.000000000"+"Z"))
	}
	member := func(name, value string) {
		b = append(b, `,"`...)
		b = append(b, name...)
		b = append(b, `":`...)
		if value == "" {
			b = append(b, "null"...)
			return
		}
		b = json.AppendString(b, value)
	}
	member("src", rec.Src.String())
	member("dst", rec.Dst.String())
	member("transport", rec.Proto.String())
	member("path", rec.Path.String())
	protocol := "sip"
	if rec.Diameter != nil {
		protocol = "diameter"
	}
	member("protocol", protocol)
	member("method", m.method)
	b = append(b, `,"status":`...)
	if rec.SIP != nil && rec.SIP.Status != 0 {
		b = strconv.AppendInt(b, int64(rec.SIP.Status), 10)
	} else {
		b = append(b, "null"...)
	}
	member("what", m.what)
	member("request_uri", m.target)
	member("user", m.user)
	member("call_id", m.callID)
	if m.copy {
		b = append(b, `,"captured_twice":true`...)
	}
	b = append(b, `,"problems":[`...)
	for i, p := range m.problems {
		if i > 0 {
			b = append(b, ',')
		}
		b = json.AppendString(b, p)
	}
	l.buf = append(b, "]}\n"...)
}
