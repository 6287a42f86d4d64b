package fact

import (
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
func mechanisms(m *sip.Message, id sip.HeaderID) Mechanisms {
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
	slices.Sort(offers)
	if out.Offers = strings.Join(offers, " "); out.Offers == "" {
		return Mechanisms{} // not even a name
	}
	slices.Sort(whole)
	h := fnv.New32a()
	for _, w := range slices.Compact(whole) {
		h.Write([]byte(w))
		h.Write([]byte{'\n'})
	}
	out.Sum = h.Sum32()
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

// offered reads what the UE says of the agreement and reports whether it says anything.
func offered(s *Security, m *sip.Message) bool {
	if m.First(sip.HdrSecurityClient) == nil && m.First(sip.HdrSecurityVerify) == nil {
		return false
	}
	*s = Security{Client: mechanisms(m, sip.HdrSecurityClient), Verify: mechanisms(m, sip.HdrSecurityVerify)}
	return s.Client.Seen() || s.Verify.Seen()
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
