package cli

import (
	"bytes"
	"strconv"
	"strings"

	"imscope/cmd/internal/filter"
	"imscope/correlate/fact"
	"imscope/correlate/identity"
	"imscope/decode"
	"imscope/decode/diameter"
	"imscope/decode/sip"
	"imscope/render"
)

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

// bodies reads what messages carry.
type bodies struct {
	cx        diameter.Cx
	documents *fact.Reader
}

// tell says what a message is.
func (m *message) tell(rec *decode.Record, in *bodies) {
	*m = message{rec: rec, about: m.about[:0], problems: m.problems[:0]}
	switch {
	case rec.SIP != nil:
		m.sip(rec.SIP, in.documents)
	case rec.Diameter != nil:
		m.diameter(rec.Diameter, &in.cx)
	}
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

func (m *message) sip(s *sip.Message, documents *fact.Reader) {
	if _, method, ok := sip.ParseCSeq(s.First(sip.HdrCSeq)); ok {
		m.method = string(method)
	}
	if s.IsRequest {
		m.method = string(s.MethodSpan.In(s.Raw))
		m.what = m.method
		m.target = string(s.RequestURI.In(s.Raw))
	} else if m.what = strings.TrimSpace(strconv.Itoa(s.Status) + " " + string(s.Reason.In(s.Raw))); s.Status == 0 {
		line, _, _ := bytes.Cut(s.Raw, []byte("\n"))
		_, what, _ := bytes.Cut(line, []byte(" ")) // as it stands: no status that there is
		m.what = string(bytes.TrimSpace(what))
	}
	m.callID = string(s.First(sip.HdrCallID))
	from, to := uri(s.First(sip.HdrFrom)), uri(s.First(sip.HdrTo))
	// From and To name the same user in REGISTER; else the user is whom the request is for.
	m.user = to
	if m.user == "" {
		m.user = from
	}
	for _, name := range [...]string{from, to, m.target} {
		if name != "" {
			m.about = append(m.about, name)
		}
	}
	if a, ok := sip.ParseAuth(s.First(sip.HdrAuthorization)); ok && len(a.Username) > 0 {
		m.about = append(m.about, string(a.Username))
	}
	for _, p := range s.Problems {
		m.problem(p.Code.ID)
	}
	for _, p := range documents.Problems(s) {
		m.problem(p.ID)
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
