package tls

import (
	"crypto"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"slices"
)

// Versions.
const (
	version10 = 0x0301
	version11 = 0x0302
	version12 = 0x0303
	version13 = 0x0304
)

// mode is how records are protected.
type mode uint8

const (
	modeNone mode = iota // a MAC only
	modeCBC
	modeGCM
	modeChaCha
)

// suite is what a cipher suite says of records.
type suite struct {
	mode   mode
	des    bool // triple DES, else AES
	key    int  // length of the cipher's key
	mac    func() hash.Hash
	prf    crypto.Hash // from TLS 1.2 on
	modern bool        // of TLS 1.3
}

// findSuite gives the suite of this number. All suites of one kind are alike here, whatever exchanges the keys.
func findSuite(id uint16) (suite, bool) {
	i := slices.IndexFunc(suites[:], func(f family) bool { return slices.Contains(f.ids, id) })
	if i < 0 {
		return suite{}, false
	}
	return suites[i].suite, true
}

// family are suites whose records are alike.
type family struct {
	suite
	ids []uint16
}

// suites are those of the IANA registry with these ciphers, key exchanges RSA, DH, ECDH and PSK.
var suites = [...]family{
	{suite{mode: modeGCM, key: 16, prf: crypto.SHA256, modern: true}, []uint16{0x1301}},
	{suite{mode: modeGCM, key: 32, prf: crypto.SHA384, modern: true}, []uint16{0x1302}},
	{suite{mode: modeChaCha, key: 32, prf: crypto.SHA256, modern: true}, []uint16{0x1303}},
	{suite{mode: modeGCM, key: 16, prf: crypto.SHA256}, []uint16{
		0x009c, 0x009e, 0x00a0, 0x00a2, 0x00a4, 0x00a6, 0x00a8, 0x00aa, 0x00ac, 0xc02b, 0xc02d, 0xc02f, 0xc031, 0xd001}},
	{suite{mode: modeGCM, key: 32, prf: crypto.SHA384}, []uint16{
		0x009d, 0x009f, 0x00a1, 0x00a3, 0x00a5, 0x00a7, 0x00a9, 0x00ab, 0x00ad, 0xc02c, 0xc02e, 0xc030, 0xc032, 0xd002}},
	{suite{mode: modeChaCha, key: 32, prf: crypto.SHA256}, []uint16{0xcca8, 0xcca9, 0xccaa, 0xccab, 0xccac, 0xccad, 0xccae}},
	{suite{mode: modeCBC, key: 16, mac: sha1.New, prf: crypto.SHA256}, []uint16{
		0x002f, 0x0030, 0x0031, 0x0032, 0x0033, 0x0034, 0x008c, 0x0090, 0x0094, 0xc004, 0xc009, 0xc00e, 0xc013, 0xc018, 0xc035}},
	{suite{mode: modeCBC, key: 32, mac: sha1.New, prf: crypto.SHA256}, []uint16{
		0x0035, 0x0036, 0x0037, 0x0038, 0x0039, 0x003a, 0x008d, 0x0091, 0x0095, 0xc005, 0xc00a, 0xc00f, 0xc014, 0xc019, 0xc036}},
	{suite{mode: modeCBC, key: 16, mac: sha256.New, prf: crypto.SHA256}, []uint16{
		0x003c, 0x003e, 0x003f, 0x0040, 0x0067, 0x006c, 0x00ae, 0x00b2, 0x00b6, 0xc023, 0xc025, 0xc027, 0xc029, 0xc037}},
	{suite{mode: modeCBC, key: 32, mac: sha256.New, prf: crypto.SHA256}, []uint16{0x003d, 0x0068, 0x0069, 0x006a, 0x006b, 0x006d}},
	{suite{mode: modeCBC, key: 32, mac: sha512.New384, prf: crypto.SHA384}, []uint16{
		0x00af, 0x00b3, 0x00b7, 0xc024, 0xc026, 0xc028, 0xc02a, 0xc038}},
	{suite{mode: modeCBC, des: true, key: 24, mac: sha1.New, prf: crypto.SHA256}, []uint16{
		0x000a, 0x000d, 0x0010, 0x0013, 0x0016, 0x001b, 0x008b, 0x008f, 0x0093, 0xc003, 0xc008, 0xc00d, 0xc012, 0xc017, 0xc034}},
	{suite{mac: md5.New, prf: crypto.SHA256}, []uint16{0x0001}},
	{suite{mac: sha1.New, prf: crypto.SHA256}, []uint16{0x0002, 0x002c, 0x002d, 0x002e, 0xc001, 0xc006, 0xc00b, 0xc010, 0xc015, 0xc039}},
	{suite{mac: sha256.New, prf: crypto.SHA256}, []uint16{0x003b, 0x00b0, 0x00b4, 0x00b8, 0xc03a}},
	{suite{mac: sha512.New384, prf: crypto.SHA384}, []uint16{0x00b1, 0x00b5, 0x00b9, 0xc03b}},
}
