package network

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"hash"
)

// icvHMAC is the length of the ICV of HMAC-MD5-96 and HMAC-SHA-1-96 (RFC 2403, RFC 2404).
const icvHMAC = 12

// Keys are those of the security associations between a phone and its P-CSCF, which IMS AKA gives both (TS 33.203 7.1,
// Annex H).
type Keys struct {
	CK, IK [16]byte
	// Others says that the agreement also names algorithms that are not known here (AES-GCM, AES-GMAC): then an ICV that is
	// none of theirs proves nothing.
	Others bool

	way way // in which a packet was opened; valid iff its integrity is
}

// way is how packets are protected.
type way struct {
	integrity  hash.Hash
	encryption cipher.Block // nil for null
}

// integrities gives the HMACs that ipsec-3gpp knows. HMAC-SHA-1-96 takes IK with zeros behind it.
func (k *Keys) integrities() [2]hash.Hash {
	var long [20]byte
	copy(long[:], k.IK[:])
	return [...]hash.Hash{hmac.New(sha1.New, long[:]), hmac.New(md5.New, k.IK[:])}
}

// encryptions gives what ipsec-3gpp encrypts with: nothing, AES-CBC (RFC 3602), and DES-EDE3-CBC (RFC 2451) with the
// halves of CK as keys 1, 2 and 1.
func (k *Keys) encryptions() [3]cipher.Block {
	block, _ := aes.NewCipher(k.CK[:])
	triple, _ := des.NewTripleDESCipher(append(append([]byte(nil), k.CK[:]...), k.CK[:8]...))
	return [...]cipher.Block{nil, block, triple}
}

// open takes the inner bytes out of an ESP packet that p was captured as. authentic says that the ICV is right: then
// who has the keys made it. The headers of the security agreement are not asked for algorithms, since the packet tells:
// there are two ways to make the ICV, and three to read what it is right of.
func (k *Keys) open(p *Packet, b []byte) (next ipProtocol, inner []byte, authentic, ok bool) {
	if k.way.integrity != nil && authenticated(k.way.integrity, b) {
		if next, inner, ok = decrypt(k.way.encryption, b); ok && plausible(next, inner) {
			return next, inner, true, true
		}
	}
	for _, mac := range k.integrities() {
		if !authenticated(mac, b) {
			continue
		}
		for _, fits := range [...]func(ipProtocol, []byte) bool{p.proves, fitsUnproved} {
			for _, block := range k.encryptions() {
				if next, inner, ok = decrypt(block, b); ok && fits(next, inner) {
					k.way = way{mac, block}
					return next, inner, true, true
				}
			}
		}
		return 0, nil, true, false
	}
	return 0, nil, false, false
}

// fitsUnproved reports whether inner looks like a packet whose checksum a NAT has changed, or a network card makes.
func fitsUnproved(next ipProtocol, inner []byte) bool {
	switch next {
	case ipUDP:
		return plausible(next, inner) && int(be16(inner[4:])) == len(inner)
	case ipTCP, ipIPv4, ipIPv6:
		return plausible(next, inner)
	}
	return false
}

// authenticated reports whether the ICV of an ESP packet is right: it is of all that stands before it (RFC 4303 2.8).
func authenticated(mac hash.Hash, b []byte) bool {
	end := len(b) - icvHMAC
	if end < espHeader+espTrailer {
		return false
	}
	mac.Reset()
	mac.Write(b[:end])
	return bytes.Equal(mac.Sum(nil)[:icvHMAC], b[end:])
}

// decrypt takes the inner bytes out of an ESP packet with an ICV of an HMAC. They are new bytes unless block is nil.
func decrypt(block cipher.Block, b []byte) (next ipProtocol, inner []byte, ok bool) {
	text := b[espHeader : len(b)-icvHMAC]
	if block != nil {
		n := block.BlockSize()
		if len(text) < 2*n || len(text)%n != 0 {
			return 0, nil, false
		}
		iv, sealed := text[:n], text[n:]
		text = make([]byte, len(sealed))
		cipher.NewCBCDecrypter(block, iv).CryptBlocks(text, sealed)
	}
	end := len(text) - espTrailer
	if end < 0 || int(text[end]) > end {
		return 0, nil, false
	}
	return ipProtocol(text[end+1]), text[:end-int(text[end])], true
}
