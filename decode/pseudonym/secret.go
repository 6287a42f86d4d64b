package pseudonym

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
)

// block is the size that secrets are replaced in: RAND, AUTN, CK, IK and an MD5 digest. Each gets the same pseudonym
// alone and as a part of a nonce (RFC 3310 3.2: RAND, AUTN, then data of the server).
const block = 16

// Secret replaces bytes that nobody can read: keys, challenges, digests.
func (b *Book) Secret(s []byte) {
	for len(s) > 0 {
		n := min(block, len(s))
		b.p.random(s[:n], "secret", bytes.Clone(s[:n]))
		s = s[n:]
	}
}

// SecretText replaces a secret that is written in hexadecimal, in base64 or in an alphabet of its own. Written in hexadecimal or
// base64 it gets the pseudonym that Secret gives its bytes.
func (b *Book) SecretText(t []byte) {
	if key, ok := b.look(kindSecret, t); !ok {
		b.secretText(t)
		b.keep(key, t)
	}
}

func (b *Book) secretText(t []byte) {
	if len(t) < 2 {
		return
	}
	if raw, err := hex.DecodeString(string(t)); err == nil {
		b.Secret(raw)
		upper := bytes.ContainsAny(t, "ABCDEF")
		hex.Encode(t, raw)
		if upper {
			copy(t, bytes.ToUpper(t))
		}
		return
	}
	for _, enc := range [...]*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		raw, err := enc.Strict().DecodeString(string(t))
		if err == nil && len(t) >= 8 {
			b.Secret(raw)
			enc.Encode(t, raw)
			return
		}
	}
	stream := make([]byte, len(t))
	b.p.random(stream, "text", t)
	for i, c := range t {
		switch {
		case c >= '0' && c <= '9':
			t[i] = '0' + stream[i]%10
		case c >= 'a' && c <= 'z':
			t[i] = 'a' + stream[i]%26
		case c >= 'A' && c <= 'Z':
			t[i] = 'A' + stream[i]%26
		case c >= 0x80:
			t[i] = '?'
		}
	}
}
