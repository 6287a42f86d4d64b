package extract

import (
	"iter"
	"strings"

	"imscope/correlate/finding"
	"imscope/correlate/identity"
	"imscope/correlate/story"
	"imscope/decode"
	"imscope/decode/diameter"
	"imscope/decode/sip"
)

// Selection says which messages are wanted.
type Selection struct {
	all       bool
	exchanges map[exchange]struct{}
	cx        map[cx]struct{}
	shown     map[uint32]struct{} // frames of findings
	names     map[string]struct{} // canonical identities, private ones in lower case
}

// exchange names the messages of one transaction, end to end.
type exchange struct {
	callID string
	cseq   uint32
	method sip.Method
}

// cx names one transmission of a Cx message.
type cx struct {
	frame, endToEnd uint32
}

// Everything selects all messages.
func Everything() *Selection { return &Selection{all: true} }

// Select selects the messages of users, of Rx those that findings about them show. With registrationOnly messages are left
// out that name a user and have nothing to do with registrations.
func Select(users iter.Seq[*story.User], findings []finding.Finding, registrationOnly bool) *Selection {
	s := &Selection{exchanges: map[exchange]struct{}{}, cx: map[cx]struct{}{}, shown: map[uint32]struct{}{}, names: map[string]struct{}{}}
	for i := range findings {
		for _, f := range findings[i].Frames {
			s.shown[f] = struct{}{}
		}
	}
	for u := range users {
		for i := range u.Timeline {
			e := &u.Timeline[i]
			if x := e.Exchange; x != nil {
				s.exchanges[exchange{x.CallID, x.CSeq, x.Method}] = struct{}{}
			}
			if c := e.Cx; c != nil {
				for _, h := range c.Request.Hops {
					s.cx[cx{h.Frame, c.EndToEnd}] = struct{}{}
				}
				for _, h := range c.Answer.Hops {
					s.cx[cx{h.Frame, c.EndToEnd}] = struct{}{}
				}
			}
		}
		if registrationOnly {
			continue
		}
		for _, p := range u.PublicIdentities {
			s.names[identity.Canonical(p)] = struct{}{}
		}
		for _, p := range u.PrivateIdentities {
			s.names[strings.ToLower(p)] = struct{}{}
		}
	}
	return s
}

// Wants reports whether a message is selected.
func (s *Selection) Wants(rec *decode.Record) bool {
	switch {
	case s.all:
		return true
	case rec.SIP != nil:
		return s.wantsSIP(rec.SIP)
	case rec.Diameter != nil && rec.Diameter.IsRx():
		_, ok := s.shown[rec.Frame]
		return ok
	case rec.Diameter != nil:
		_, ok := s.cx[cx{rec.Frame, rec.Diameter.EndToEnd}]
		return ok
	}
	return false
}

// originators are the header fields that say whom a message is from or for.
var originators = [...]sip.HeaderID{sip.HdrFrom, sip.HdrTo, sip.HdrPAssertedIdentity, sip.HdrPPreferredIdentity, sip.HdrPCalledPartyID}

func (s *Selection) wantsSIP(m *sip.Message) bool {
	n, method, _ := sip.ParseCSeq(m.First(sip.HdrCSeq))
	x := exchange{string(m.First(sip.HdrCallID)), n, sip.ParseMethod(method)}
	if m.IsRequest && (len(method) == 0 || m.Method != sip.MethodOther) {
		x.method = m.Method
	}
	if _, ok := s.exchanges[x]; ok {
		return true
	}
	if len(s.names) == 0 {
		return false
	}
	for _, id := range originators {
		for v := range m.All(id) {
			for {
				na, rest, ok := sip.NextNameAddr(v)
				if !ok {
					break
				}
				if s.names1(identity.Canonical(string(na.URI))) {
					return true
				}
				v = rest
			}
		}
	}
	if m.IsRequest && s.names1(identity.Canonical(string(m.RequestURI.In(m.Raw)))) {
		return true
	}
	a, ok := sip.ParseAuth(m.First(sip.HdrAuthorization))
	return ok && len(a.Username) > 0 && s.names1(strings.ToLower(string(a.Username)))
}

// names1 reports whether one name is a user's.
func (s *Selection) names1(name string) bool {
	_, ok := s.names[name]
	return ok
}

// Name says in a few words what a message is and whom it is about.
func Name(rec *decode.Record) string {
	switch {
	case rec.SIP != nil:
		m := rec.SIP
		what := string(m.StartLine())
		if m.IsRequest {
			what = string(m.MethodSpan.In(m.Raw))
		} else if f := strings.SplitN(what, " ", 3); len(f) > 1 {
			what = f[1]
		}
		if na, ok := sip.ParseNameAddr(m.First(sip.HdrTo)); ok {
			what += " to " + identity.Display(string(na.URI))
		}
		return what
	case rec.Diameter != nil:
		var view diameter.Cx
		view.Parse(rec.Diameter)
		what := rec.Diameter.Name()
		switch {
		case len(view.PublicIdentities) > 0:
			what += " for " + string(view.PublicIdentities[0])
		case len(view.UserName) > 0:
			what += " for " + string(view.UserName)
		}
		return what
	}
	return ""
}
