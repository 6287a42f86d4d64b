package fact

import (
	"hash/maphash"
	"strings"
)

// Name stands for an identity: a keyed hash of it, which nobody can make two identities share on purpose and chance does
// once in a billion captures of a million users. 0 is none. Names are less than half of what identities take in a table,
// faster to look up, and made where messages are read (2026-11-29).
type Name uint64

// namer makes names. Those of one seed compare.
type namer struct{ seed maphash.Seed }

func (n namer) hash(s string) Name { return Name(max(maphash.String(n.seed, s), 1)) }

// Public is the name of a public identity, 0 for what is no identity of a user.
func (n namer) Public(u URI) Name {
	if strings.HasPrefix(u.Key, "tel:") || strings.HasPrefix(u.Key, "sip") && strings.IndexByte(u.Key, '@') >= 0 {
		return n.hash(u.Key)
	}
	return 0
}

// Private is the name of a private identity.
func (n namer) Private(impi string) Name {
	if impi == "" {
		return 0
	}
	var room [128]byte
	key := append(room[:0], "impi:"...)
	for i := range len(impi) {
		c := impi[i]
		if c >= 0x80 {
			return n.hash("impi:" + strings.ToLower(impi))
		}
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		key = append(key, c)
	}
	return n.hash(view(key))
}

// dialog is the name of a dialog, by its Call-ID.
func (n namer) dialog(callID string) Name {
	if callID == "" {
		return 0
	}
	return n.hash(callID)
}
