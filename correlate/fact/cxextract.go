package fact

import (
	"encoding/base64"
	"hash/maphash"

	"imscope/decode"
	"imscope/decode/diameter"
)

// cxApp is the application of Cx and Dx, TS 29.229 5.
const cxApp = 16777216

// CxKey names a Cx transaction: the Session-Id is new for each (TS 29.229 5), and agents keep it.
type CxKey struct {
	hash    uint64
	command uint32
}

// IsCx reports whether a message is of the Cx application.
func IsCx(m *diameter.Message) bool {
	return m.AppID == cxApp && m.Command >= 300 && m.Command <= 305
}

// CxParse fills the extractor's typed view of a message and gives its key. The view is valid until
// the next call.
func (e *Extractor) CxParse(m *diameter.Message) CxKey {
	c := &e.cx
	c.Parse(m)
	k := CxKey{command: m.Command}
	if len(c.SessionID) > 0 {
		k.hash = maphash.Bytes(e.seed, c.SessionID)
	} else {
		k.hash = uint64(m.EndToEnd)<<32 | uint64(m.HopByHop)
	}
	return k
}

// CxNew makes the transaction of a message seen for the first time. CxParse came before.
func (e *Extractor) CxNew(m *diameter.Message) *Cx {
	name := m.Name()
	if !m.Request {
		name = name[:len(name)-1] + "R"
	}
	return &Cx{Command: m.Command, Name: name, EndToEnd: m.EndToEnd,
		AuthorizationType: Absent, AssignmentType: Absent, ReasonCode: Absent, Result: Absent, Experimental: Absent}
}

// CxAdd adds a transmission to its transaction.
func (e *Extractor) CxAdd(x *Cx, rec *decode.Record) (hop Hop, n Novelty) {
	m, c := rec.Diameter, &e.cx
	hop = e.Hop(rec, 0, 0)
	msg := &x.Answer
	if m.Request {
		msg = &x.Request
	}
	n = e.add(msg, hop)
	if len(msg.Hops) > 1 {
		return hop, n
	}
	if x.UserName == "" {
		x.UserName = e.in.str(c.UserName)
	}
	public := func(b []byte) {
		u := e.in.uri(b)
		if u.Key == "" || len(x.Public) >= maxIdentities {
			return
		}
		for _, have := range x.Public {
			if have.Key == u.Key {
				return
			}
		}
		x.Public = append(x.Public, u)
	}
	if m.Request {
		for _, p := range c.PublicIdentities {
			public(p)
		}
		x.Visited, x.Origin = e.in.str(c.VisitedNetwork), e.in.str(c.OriginHost)
		x.AuthorizationType, x.AssignmentType = c.UserAuthorizationType, c.ServerAssignmentType
		x.ReasonCode, x.ReasonInfo = c.ReasonCode, e.in.str(c.ReasonInfo)
		x.Resync = m.Command == 303 && c.SIPAuthorization
	} else {
		x.Result, x.Experimental = c.ResultCode, c.ExperimentalResult
		if len(c.Authenticate) > 0 && len(c.Authenticate) <= 64 {
			x.Nonce = base64.StdEncoding.EncodeToString(c.Authenticate)
		}
	}
	for _, id := range c.Identities {
		if id.Barred {
			x.Barred = append(x.Barred, e.in.uri(id.URI).Key)
		}
		x.Profile = append(x.Profile, e.in.uri(id.URI))
	}
	for _, a := range c.AssociatedIdentities {
		if len(x.Associated) < maxIdentities {
			x.Associated = append(x.Associated, e.in.str(a))
		}
	}
	if len(c.ServerName) > 0 {
		x.ServerName = e.in.str(c.ServerName)
	}
	return hop, n
}
