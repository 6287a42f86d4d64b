package fact

import (
	"encoding/base64"
	"hash/maphash"
	"slices"

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

// CxEntry packs the transmission that CxParse has read as an entry in two parts, valid until the next call, as Request
// does for SIP. begins says that nothing was seen of the transaction before, first that nothing was of this message.
func (e *Extractor) CxEntry(rec *decode.Record, h *Hop, begins, first bool) (head, body []byte) {
	m := rec.Diameter
	what, status := parts(0), 0
	if m.Request {
		status = asked
	}
	p := packer{b: e.body[:0], words: e.reader.words}
	if begins {
		what |= hasBase
		p.cxBase(m)
	}
	if first {
		what |= hasReply
		p.cx(e.cxSaid(m))
	}
	e.body = p.b
	p.b = e.head[:0]
	p.head(what, status, h, e.Epoch)
	e.head = p.b
	return e.head, e.body
}

// cxSaid gives what the message says that CxParse has read, apart from the names of the transaction. It borrows the
// message.
func (e *Extractor) cxSaid(m *diameter.Message) *Cx {
	c, x := &e.cx, &e.said
	*x = Cx{UserName: view(c.UserName), ServerName: view(c.ServerName), Result: Absent, Experimental: Absent,
		AuthorizationType: Absent, AssignmentType: Absent, ReasonCode: Absent,
		Public: x.Public[:0], Profile: x.Profile[:0], Barred: x.Barred[:0], Associated: x.Associated[:0]}
	if m.Request {
		for _, b := range c.PublicIdentities {
			u := uri(b, URI{})
			if u.Key != "" && len(x.Public) < maxIdentities && !slices.ContainsFunc(x.Public, func(have URI) bool { return have.Key == u.Key }) {
				x.Public = append(x.Public, u)
			}
		}
		x.Visited, x.Origin = view(c.VisitedNetwork), view(c.OriginHost)
		x.AuthorizationType, x.AssignmentType = c.UserAuthorizationType, c.ServerAssignmentType
		x.ReasonCode, x.ReasonInfo = c.ReasonCode, view(c.ReasonInfo)
		x.Resync = m.Command == diameter.CmdMAR && c.SIPAuthorization
	} else {
		x.Result, x.Experimental = c.ResultCode, c.ExperimentalResult
		if len(c.Authenticate) > 0 && len(c.Authenticate) <= maxNonce {
			x.Nonce = base64.StdEncoding.EncodeToString(c.Authenticate)
		}
	}
	for _, id := range c.Identities {
		u := uri(id.URI, URI{})
		if id.Barred {
			x.Barred = append(x.Barred, u.Key)
		}
		x.Profile = append(x.Profile, u)
	}
	for _, b := range c.AssociatedIdentities[:min(len(c.AssociatedIdentities), maxIdentities)] {
		x.Associated = append(x.Associated, view(b))
	}
	return x
}

// maxNonce is the longest SIP-Authenticate that is kept; RAND and AUTN have 32 bytes.
const maxNonce = 64
