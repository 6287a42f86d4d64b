package decode

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"net/netip"

	"imscope/decode/diameter"
	"imscope/decode/network"
	"imscope/decode/sip"
)

// maxAgreements bounds the security agreements, and the keys, that wait for each other: those of some seconds, which a
// registration takes.
const maxAgreements = 1 << 12

// agreements learns from SIP and Cx the keys of the security associations between phones and their P-CSCF (TS 33.203 7).
// A REGISTER names the SPIs of the phone, the 401 to it those of the P-CSCF and the challenge; the keys of the challenge
// stand in the 401 that the S-CSCF sent to the P-CSCF (TS 24.229 5.4.1.2.1), or came from the HSS (TS 29.228 6.3).
type agreements struct {
	esp     *network.Security
	open    recent[*agreement] // by Call-ID
	waiting recent[*agreement] // for keys, by challenge
	keys    recent[*network.Keys]

	message  sip.Message // of those that only the assembler has
	diameter diameter.Message
}

// agreement is between a phone and its P-CSCF: where each of them is, and the SPIs that it receives with.
type agreement struct {
	phone, proxy   netip.Addr
	client, server spis
	challenge      string
}

type spis struct {
	c, s   uint32
	others bool // the list has algorithms that network.Keys does not know
}

func newAgreements(esp *network.Security) agreements {
	return agreements{esp: esp, open: newRecent[*agreement](maxAgreements), waiting: newRecent[*agreement](maxAgreements),
		keys: newRecent[*network.Keys](maxAgreements)}
}

// agrees reports whether learn has something to learn from a SIP message.
func agrees(m *sip.Message) bool {
	switch {
	case m.IsRequest:
		return m.Method == sip.MethodRegister && m.First(sip.HdrSecurityClient) != nil
	case m.Status == 401:
		return m.First(sip.HdrSecurityServer) != nil || bytes.Contains(m.First(sip.HdrWWWAuthenticate), []byte("ik="))
	}
	return false
}

// found learns from a message that a worker has read: a SIP message that agrees, or a Diameter message.
func (a *agreements) found(f *found, src, dst netip.AddrPort) {
	if f.agrees {
		a.learn(f.sip, src.Addr(), dst.Addr())
		return
	}
	a.vectors(f.diameter)
}

// assembled learns from a message that was put together, which no worker has read yet: it is read here too if it may be
// one of those few.
func (a *agreements) assembled(b []byte, src, dst netip.AddrPort) {
	switch {
	case bytes.HasPrefix(b, []byte("REGISTER ")) && hasSecurity(b), bytes.HasPrefix(b, []byte("SIP/2.0 401")):
		if a.message.Parse(b) == nil && agrees(&a.message) {
			a.learn(&a.message, src.Addr(), dst.Addr())
		}
	case diameter.IsAnswer(b, diameter.CmdMAR):
		if a.diameter.Parse(b) == nil {
			a.vectors(&a.diameter)
		}
	}
}

// hasSecurity reports whether a line of a message begins like a header of the security agreement.
func hasSecurity(b []byte) bool {
	name := []byte("Security-")
	for {
		i := bytes.IndexByte(b, '\n') + 1
		if b = b[i:]; i == 0 || len(b) < len(name) {
			return false
		}
		if bytes.EqualFold(b[:len(name)], name) {
			return true
		}
	}
}

// learn learns from a REGISTER or the 401 to it.
func (a *agreements) learn(m *sip.Message, src, dst netip.Addr) {
	callID := string(m.First(sip.HdrCallID))
	if m.IsRequest {
		client, ok := spisOf(m, sip.HdrSecurityClient)
		if g := a.open.get(callID); ok && (g == nil || g.client != client) { // else it is on a later hop
			a.open.put(callID, &agreement{phone: src, client: client})
		}
		return
	}
	auth := m.First(sip.HdrWWWAuthenticate)
	nonce, _ := sip.AuthParam(auth, "nonce")
	challenge := challengeOf(nonce)
	if k := keysOf(auth); k != nil {
		a.known(challenge, k)
	}
	server, ok := spisOf(m, sip.HdrSecurityServer)
	g := a.open.get(callID)
	if !ok || g == nil || g.phone != dst {
		return
	}
	g = &agreement{phone: dst, proxy: src, client: g.client, server: server, challenge: challenge}
	if k := a.keys.get(challenge); k != nil {
		a.settle(g, k)
		return
	}
	a.waiting.put(challenge, g)
}

// vectors learns from the authentication vectors of an MAA.
func (a *agreements) vectors(m *diameter.Message) {
	if m.Request || m.Command != diameter.CmdMAR {
		return
	}
	for item := range m.AVPs() {
		if item.Vendor != diameter.Vendor3GPP || item.Code != diameter.AVPSIPAuthDataItem {
			continue
		}
		var challenge, ck, ik []byte
		for v := range item.AVPs() {
			switch v.Code {
			case diameter.AVPSIPAuthenticate:
				challenge = v.Data
			case diameter.AVPConfidentialityKey:
				ck = v.Data
			case diameter.AVPIntegrityKey:
				ik = v.Data
			}
		}
		if len(challenge) >= challengeLen && len(ck) == 16 && len(ik) == 16 {
			a.known(string(challenge[:challengeLen]), &network.Keys{CK: [16]byte(ck), IK: [16]byte(ik)})
		}
	}
}

// known takes the keys of a challenge.
func (a *agreements) known(challenge string, k *network.Keys) {
	if have := a.keys.get(challenge); have != nil {
		k = have // on the next link
	}
	a.keys.put(challenge, k)
	if g := a.waiting.get(challenge); g != nil {
		a.settle(g, k)
	}
}

// settle tells the keys of an agreement. Four associations go out from it, two to each side, with the same keys.
func (a *agreements) settle(g *agreement, k *network.Keys) {
	for _, n := range [...]struct {
		dst netip.Addr
		spi uint32
	}{{g.proxy, g.server.s}, {g.proxy, g.server.c}, {g.phone, g.client.s}, {g.phone, g.client.c}} {
		if n.spi != 0 {
			k.Others = k.Others || g.server.others
			a.esp.Agree(n.dst, n.spi, k)
		}
	}
}

// spisOf reads the SPIs of a list of mechanisms: all that are ipsec-3gpp have the same (TS 33.203 Annex H).
func spisOf(m *sip.Message, id sip.HeaderID) (out spis, ok bool) {
	for v := range m.All(id) {
		for {
			s, rest, more := sip.NextSecurity(v)
			if !more {
				break
			}
			v = rest
			if !s.IsIPsec3GPP() {
				continue
			}
			out.others = out.others || !isHMAC(s.Alg) || !isCBC(s.EAlg)
			if !ok && (s.SPIC > 0 || s.SPIS > 0) {
				out.c, out.s, ok = uint32(max(s.SPIC, 0)), uint32(max(s.SPIS, 0)), true
			}
		}
	}
	return out, ok
}

func isHMAC(alg []byte) bool {
	return bytes.EqualFold(alg, []byte("hmac-sha-1-96")) || bytes.EqualFold(alg, []byte("hmac-md5-96"))
}

// isCBC reports whether an encryption is one of the two that chain blocks, or none.
func isCBC(ealg []byte) bool {
	return ealg == nil || bytes.EqualFold(ealg, []byte("null")) || bytes.EqualFold(ealg, []byte("aes-cbc")) || bytes.EqualFold(ealg, []byte("des-ede3-cbc"))
}

// challengeLen is that of RAND and AUTN, which a nonce begins with (RFC 3310 3.2).
const challengeLen = 32

// challengeOf gives the RAND and AUTN of a nonce, or the nonce itself where it has none.
func challengeOf(nonce []byte) string {
	b, _ := base64.StdEncoding.AppendDecode(nil, nonce)
	if len(b) < challengeLen {
		return string(nonce)
	}
	return string(b[:challengeLen])
}

// keysOf reads the keys of a challenge on its way to the P-CSCF (TS 24.229 7.2A.1), nil if it has none.
func keysOf(auth []byte) *network.Keys {
	k := &network.Keys{}
	for _, p := range [...]struct {
		name string
		key  *[16]byte
	}{{"ck", &k.CK}, {"ik", &k.IK}} {
		v, _ := sip.AuthParam(auth, p.name)
		if len(v) != hex.EncodedLen(len(p.key)) {
			return nil
		}
		if _, err := hex.Decode(p.key[:], v); err != nil {
			return nil
		}
	}
	return k
}
