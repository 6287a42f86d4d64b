package fact

import (
	"bytes"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"imscope/decode/sip"
)

// Security holds what a REGISTER exchange says of the security agreement on Gm (RFC 3329).
type Security struct {
	Client Mechanisms // Security-Client, what the UE offers
	Verify Mechanisms // Security-Verify, what the UE repeats of the agreement
	Server Mechanisms // Security-Server, what the P-CSCF answers
}

// Mechanisms is one list of security mechanisms. All ipsec-3gpp entries of a list share SPIs and ports
// (TS 33.203 Annex H), so they are kept once.
type Mechanisms struct {
	Offers       string // "ipsec-3gpp/hmac-sha-1-96/aes-cbc tls", each once, sorted; "" if the header is absent
	Sum          uint32 // equal for lists that say the same, in whatever order and spelling; q does not count
	SPIC, SPIS   uint32 // of the first ipsec-3gpp entry; 0 if it has none
	PortC, PortS uint16
}

// Seen reports whether the header is there.
func (m *Mechanisms) Seen() bool { return m.Offers != "" }

// maxMechanisms bounds a list: eight algorithms with each of five encryptions is more than any UE offers.
const maxMechanisms = 40

// mechanisms reads a Security-* header.
func (e *Extractor) mechanisms(m *sip.Message, id sip.HeaderID) Mechanisms {
	var out Mechanisms
	var offers, whole []string
	for v := range m.All(id) {
		for len(whole) < maxMechanisms {
			s, rest, ok := sip.NextSecurity(v)
			if !ok {
				break
			}
			v = rest
			offer := lower(s.Name)
			if s.IsIPsec3GPP() {
				offer += "/" + lower(s.Alg) + "/" + word(s.EAlg, "null")
				if out.SPIC == 0 && out.SPIS == 0 {
					out.SPIC, out.SPIS = uint32(max(s.SPIC, 0)), uint32(max(s.SPIS, 0))
					out.PortC, out.PortS = uint16(max(s.PortC, 0)), uint16(max(s.PortS, 0))
				}
			}
			if !slices.Contains(offers, offer) {
				offers = append(offers, offer)
			}
			whole = append(whole, strings.Join([]string{offer, word(s.Prot, "esp"), word(s.Mod, "trans"),
				strconv.FormatInt(s.SPIC, 10), strconv.FormatInt(s.SPIS, 10),
				strconv.Itoa(int(s.PortC)), strconv.Itoa(int(s.PortS))}, " "))
		}
	}
	if len(whole) == 0 {
		return out
	}
	slices.Sort(offers)
	slices.Sort(whole)
	h := fnv.New32a()
	for _, w := range slices.Compact(whole) {
		h.Write([]byte(w))
		h.Write([]byte{'\n'})
	}
	out.Offers, out.Sum = e.in.str([]byte(strings.Join(offers, " "))), h.Sum32()
	return out
}

func lower(b []byte) string { return strings.ToLower(string(b)) }

// word gives a parameter in lower case, its default where it is absent.
func word(b []byte, absent string) string {
	if b == nil {
		return absent
	}
	return lower(b)
}

// offered gives what the UE says of the agreement; nil if it says nothing.
func (e *Extractor) offered(m *sip.Message) *Security {
	s := Security{Client: e.mechanisms(m, sip.HdrSecurityClient), Verify: e.mechanisms(m, sip.HdrSecurityVerify)}
	if !s.Client.Seen() && !s.Verify.Seen() {
		return nil
	}
	return &s
}

// challenged takes what a 401 or 407 says on each of its hops: the P-CSCF replaces the keys by its side
// of the security agreement.
func (e *Extractor) challenged(x *Exchange, m *sip.Message, r Route) {
	a := &x.Register.Answer
	if m.First(sip.HdrSecurityServer) != nil && !a.SecurityOffer {
		a.SecurityOffer = true
		if x.Register.Security == nil {
			x.Register.Security = new(Security)
		}
		x.Register.Security.Server = e.mechanisms(m, sip.HdrSecurityServer)
	}
	if v := m.First(sip.HdrWWWAuthenticate); v != nil && r.Vias <= 1 && !a.KeysOnGm && bytes.Contains(v, []byte("k=")) {
		c, _ := sip.ParseAuth(v)
		a.KeysOnGm = len(c.CK) > 0 || len(c.IK) > 0
	}
}

// NonceSum gives a nonce in the form that Register.Nonce has (FNV-1a), 0 for none.
func NonceSum[T string | []byte](nonce T) uint32 {
	if len(nonce) == 0 {
		return 0
	}
	h := uint32(2166136261)
	for i := range len(nonce) {
		h = (h ^ uint32(nonce[i])) * 16777619
	}
	return max(h, 1)
}
