package tls

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/hmac"
	"encoding/binary"
	"errors"
	"hash"

	"golang.org/x/crypto/chacha20poly1305"
)

// protection undoes the protection of the records of one direction under one key.
type protection interface {
	// open appends to dst what the record number seq, header and all, carries. It reports false if the record is not
	// this one. In TLS 1.3 the content type is the last byte that is not zero.
	open(dst []byte, seq uint64, rec []byte) ([]byte, bool)
}

var errKey = errors.New("tls: key of a wrong length")

// additional is what authentication covers up to TLS 1.2 besides the content: number, type, version, length.
func additional(seq uint64, rec []byte, n int) [13]byte {
	var b [13]byte
	binary.BigEndian.PutUint64(b[:], seq)
	copy(b[8:], rec[:3])
	binary.BigEndian.PutUint16(b[11:], uint16(n))
	return b
}

// gcm is AES-GCM of TLS 1.2, with half of the nonce in the record (RFC 5288 3).
type gcm struct {
	aead cipher.AEAD
	salt [4]byte
}

func (p *gcm) open(dst []byte, seq uint64, rec []byte) ([]byte, bool) {
	body := rec[HeaderLen:]
	if len(body) < 8+p.aead.Overhead() {
		return dst, false
	}
	var nonce [12]byte
	copy(nonce[:], p.salt[:])
	copy(nonce[4:], body[:8])
	ad := additional(seq, rec, len(body)-8-p.aead.Overhead())
	out, err := p.aead.Open(dst, nonce[:], body[8:], ad[:])
	if err != nil {
		return dst, false
	}
	return out, true
}

// counted is an AEAD whose nonce is the record number: ChaCha20-Poly1305 of TLS 1.2 (RFC 7905 2), everything in TLS 1.3
// (RFC 8446 5.3).
type counted struct {
	aead   cipher.AEAD
	iv     [12]byte
	modern bool // TLS 1.3
}

func (p *counted) open(dst []byte, seq uint64, rec []byte) ([]byte, bool) {
	body := rec[HeaderLen:]
	if len(body) < p.aead.Overhead() {
		return dst, false
	}
	nonce := p.iv
	binary.BigEndian.PutUint64(nonce[4:], binary.BigEndian.Uint64(nonce[4:])^seq)
	ad := additional(seq, rec, len(body)-p.aead.Overhead())
	authenticated := ad[:]
	if p.modern {
		authenticated = rec[:HeaderLen]
	}
	out, err := p.aead.Open(dst, nonce[:], body, authenticated)
	if err != nil {
		return dst, false
	}
	return out, true
}

// block is a cipher in CBC mode with an HMAC (RFC 5246 6.2.3.2), or the HMAC alone (6.2.3.1).
type block struct {
	cipher cipher.Block // nil without encryption
	mac    hash.Hash    // nil if its key is not known: then it is not checked
	size   int          // of the MAC
	last   []byte       // TLS 1.0: the last block of the record before, which is the next IV
	chain  bool
	outer  bool // the MAC is over the encrypted content (RFC 7366)
	sum    []byte
}

func (p *block) open(dst []byte, seq uint64, rec []byte) ([]byte, bool) {
	body := rec[HeaderLen:]
	if p.outer {
		if len(body) < p.size || !p.check(seq, rec, body[:len(body)-p.size], body[len(body)-p.size:]) {
			return dst, false
		}
		body = body[:len(body)-p.size]
	}
	from := len(dst)
	if p.cipher == nil {
		dst = append(dst, body...)
	} else {
		n := p.cipher.BlockSize()
		iv := p.last
		if !p.chain {
			if len(body) < n {
				return dst, false
			}
			iv, body = body[:n], body[n:]
		}
		if len(body) == 0 || len(body)%n != 0 {
			return dst, false
		}
		dst = append(dst, body...)
		cipher.NewCBCDecrypter(p.cipher, iv).CryptBlocks(dst[from:], dst[from:])
		pad := dst[len(dst)-1]
		end := len(dst) - 1 - int(pad)
		if end < from {
			return dst[:from], false
		}
		for _, c := range dst[end:] {
			if c != pad {
				return dst[:from], false
			}
		}
		dst = dst[:end]
	}
	if !p.outer {
		end := len(dst) - p.size
		if end < from || !p.check(seq, rec, dst[from:end], dst[end:]) {
			return dst[:from], false
		}
		dst = dst[:end]
	}
	if p.chain {
		p.last = append(p.last[:0], body[len(body)-len(p.last):]...)
	}
	return dst, true
}

// check reports whether the MAC is that of the content.
func (p *block) check(seq uint64, rec, content, mac []byte) bool {
	if p.mac == nil {
		return true
	}
	ad := additional(seq, rec, len(content))
	p.mac.Reset()
	p.mac.Write(ad[:])
	p.mac.Write(content)
	p.sum = p.mac.Sum(p.sum[:0])
	return hmac.Equal(p.sum, mac)
}

// lengths gives the key material that one direction takes up to TLS 1.2.
func (s *suite) lengths(version uint16) (mac, key, iv int) {
	switch s.mode {
	case modeGCM:
		return 0, s.key, 4
	case modeChaCha:
		return 0, s.key, 12
	}
	mac = s.mac().Size()
	if s.mode == modeCBC && version == version10 {
		iv = s.blockSize()
	}
	return mac, s.key, iv
}

func (s *suite) blockSize() int {
	if s.des {
		return des.BlockSize
	}
	return aes.BlockSize
}

// protect makes the protection of one direction from its key material.
func (s *suite) protect(version uint16, outer bool, mac, key, iv []byte) (protection, error) {
	switch s.mode {
	case modeGCM:
		c, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		aead, err := cipher.NewGCM(c)
		if err != nil {
			return nil, err
		}
		if s.modern {
			return &counted{aead, [12]byte(iv), true}, nil
		}
		return &gcm{aead, [4]byte(iv)}, nil
	case modeChaCha:
		aead, err := chacha20poly1305.New(key)
		if err != nil {
			return nil, err
		}
		return &counted{aead, [12]byte(iv), s.modern}, nil
	}
	p := &block{size: s.mac().Size()}
	if len(mac) > 0 {
		p.mac = hmac.New(s.mac, mac)
	}
	if s.mode == modeNone {
		return p, nil
	}
	var err error
	if s.des {
		p.cipher, err = des.NewTripleDESCipher(key)
	} else {
		p.cipher, err = aes.NewCipher(key)
	}
	p.outer, p.chain, p.last = outer, version == version10, append([]byte(nil), iv...)
	return p, err
}

// protect13 makes the protection of one direction from its traffic secret (RFC 8446 7.3).
func (s *suite) protect13(secret []byte) (protection, error) {
	if len(secret) != s.prf.Size() {
		return nil, errKey
	}
	key, err := expandLabel(s.prf, secret, "key", s.key)
	if err != nil {
		return nil, err
	}
	iv, err := expandLabel(s.prf, secret, "iv", 12)
	if err != nil {
		return nil, err
	}
	return s.protect(version13, false, nil, key, iv)
}
