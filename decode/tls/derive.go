package tls

import (
	"crypto"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"encoding/binary"
	"hash"
)

// expandLabel is HKDF-Expand-Label with an empty context (RFC 8446 7.1).
func expandLabel(h crypto.Hash, secret []byte, name string, n int) ([]byte, error) {
	name = "tls13 " + name
	info := binary.BigEndian.AppendUint16(nil, uint16(n))
	info = append(info, byte(len(name)))
	info = append(info, name...)
	return hkdf.Expand(h.New, secret, string(append(info, 0)), n)
}

// keyBlock gives n bytes of key material up to TLS 1.2 (RFC 5246 6.3, RFC 2246 6.3).
func keyBlock(version uint16, h crypto.Hash, master []byte, server, client *[randomLen]byte, n int) []byte {
	seed := append([]byte("key expansion"), server[:]...)
	seed = append(seed, client[:]...)
	out := make([]byte, n)
	if version >= version12 {
		prf(h.New, master, seed, out)
		return out
	}
	half := (len(master) + 1) / 2 // RFC 2246 5: the halves share the middle byte of an odd secret
	prf(md5.New, master[:half], seed, out)
	prf(sha1.New, master[len(master)-half:], seed, out)
	return out
}

// prf adds P_hash(secret, seed) to out (RFC 5246 5), bit by bit modulo 2.
func prf(h func() hash.Hash, secret, seed, out []byte) {
	m := hmac.New(h, secret)
	m.Write(seed)
	a := m.Sum(nil)
	for len(out) > 0 {
		m.Reset()
		m.Write(a)
		m.Write(seed)
		block := m.Sum(nil)
		n := min(len(out), len(block))
		for i := range n {
			out[i] ^= block[i]
		}
		out = out[n:]
		m.Reset()
		m.Write(a)
		a = m.Sum(a[:0])
	}
}
