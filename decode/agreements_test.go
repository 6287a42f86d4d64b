package decode

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"imscope/decode/capture"
	"imscope/decode/diameter"
	"imscope/decode/network"

	"github.com/google/gopacket/layers"
)

// agreed is a capture of a real core whose phone has a security agreement with null encryption, with the keys that its
// 401 names, as raw IP packets.
func agreed(t *testing.T) (packets [][]byte, ck, ik []byte) {
	t.Helper()
	set, err := capture.Open(t.Context(), []string{"testdata/ipsec-null.pcap"}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	for {
		b, err := set.Next(t.Context())
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for i := range b.Packets {
			packets = append(packets, bytes.Clone(b.Packets[i].Data[14:]))
		}
		b.Release()
	}
	key := func(name string) []byte {
		for _, p := range packets {
			if _, v, ok := bytes.Cut(p, []byte(name+`="`)); ok && len(v) > 32 {
				if k, err := hex.DecodeString(string(v[:32])); err == nil {
					return k
				}
			}
		}
		t.Fatalf("no %s", name)
		return nil
	}
	return packets, key("ck"), key("ik")
}

// sealAll encrypts what the ESP packets of a capture carry, which are not encrypted and have an ICV of 12 bytes. Those in
// two fragments are in two again.
func sealAll(packets [][]byte, block cipher.Block, mac hash.Hash) [][]byte {
	const header, more = 20, 0x2000
	out := slices.Clone(packets)
	for i, p := range packets {
		fragment := binary.BigEndian.Uint16(p[6:])
		switch {
		case p[9] != 50 || fragment&0x1fff != 0:
		case fragment&more == 0:
			out[i] = slices.Concat(p[:header], seal(p[header:], block, mac))
		default:
			rest := slices.IndexFunc(packets, func(q []byte) bool { return q[9] == 50 && bytes.Equal(q[4:6], p[4:6]) && q[6]&0x20 == 0 })
			b := seal(slices.Concat(p[header:], packets[rest][header:]), block, mac)
			out[i] = slices.Concat(p[:header], b[:len(p)-header])
			out[rest] = slices.Concat(packets[rest][:header], b[len(p)-header:])
		}
		for _, p := range out {
			binary.BigEndian.PutUint16(p[2:], uint16(len(p)))
		}
	}
	return out
}

// seal encrypts what an ESP packet carries, without its IP header.
func seal(p []byte, block cipher.Block, mac hash.Hash) []byte {
	const header = 8
	text := bytes.Clone(p[header : len(p)-12])
	next, inner := text[len(text)-1], text[:len(text)-2-int(text[len(text)-2])]
	text = bytes.Clone(inner)
	n := block.BlockSize()
	for i := byte(1); (len(text)+2)%n != 0; i++ {
		text = append(text, i)
	}
	text = append(text, byte(len(text)-len(inner)), next)
	iv := make([]byte, n)
	for i := range iv {
		iv[i] = byte(rand.Uint32())
	}
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(text, text)
	out := slices.Concat(p[:header], iv, text)
	mac.Reset()
	mac.Write(out)
	return append(out, mac.Sum(nil)[:12]...)
}

// protection is how packets in ESP are protected. Names and keys are those by which Wireshark knows it.
type protection struct {
	encryption, integrity string
	ck, ik                []byte
	block                 cipher.Block
	mac                   hash.Hash
}

func protections(ck, ik []byte) []protection {
	block, _ := aes.NewCipher(ck)
	three, long := slices.Concat(ck, ck[:8]), slices.Concat(ik, make([]byte, 4))
	triple, _ := des.NewTripleDESCipher(three)
	const aesCBC, desCBC, sha, md = "AES-CBC [RFC3602]", "TripleDES-CBC [RFC2451]", "HMAC-SHA-1-96 [RFC2404]", "HMAC-MD5-96 [RFC2403]"
	return []protection{
		{aesCBC, sha, ck, long, block, sha1Of(ik)}, {aesCBC, md, ck, ik, block, hmac.New(md5.New, ik)},
		{desCBC, sha, three, long, triple, sha1Of(ik)}, {desCBC, md, three, ik, triple, hmac.New(md5.New, ik)},
	}
}

// sha1Of makes HMAC-SHA-1-96 with an IK.
func sha1Of(ik []byte) hash.Hash { return hmac.New(sha1.New, slices.Concat(ik, make([]byte, 4))) }

func TestESPWithKeysOfTheCapture(t *testing.T) {
	packets, ck, ik := agreed(t)
	want, st := run(t, newMemory(packets...), Options{})
	inESP := 0
	for _, line := range want {
		if strings.Contains(line, "[esp spi 0x") {
			inESP++
		}
	}
	if inESP != 10 || len(st.Encrypted) != 0 {
		t.Fatalf("%d messages in ESP, %+v encrypted", inESP, st.Encrypted)
	}
	without := func(packets [][]byte, parts ...string) [][]byte {
		return slices.DeleteFunc(slices.Clone(packets), func(p []byte) bool {
			return slices.ContainsFunc(parts, func(part string) bool { return bytes.Contains(p, []byte(part)) })
		})
	}
	for _, c := range protections(ck, ik) {
		t.Run(c.encryption+", "+c.integrity, func(t *testing.T) {
			closed := sealAll(packets, c.block, c.mac)
			for _, workers := range []int{1, 3} {
				got, st := run(t, newMemory(closed...), Options{Workers: workers})
				if !slices.Equal(got, want) {
					t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
				if len(st.Encrypted) != 0 {
					t.Errorf("encrypted: %+v", st.Encrypted)
				}
			}
			// From the 401 to the P-CSCF, or from the HSS: one of them will do.
			for name, parts := range map[string][]string{"without the MAA": {"\x00\x00\x02\x72\xc0"}, "without ck": {`ck="`}} {
				some := without(closed, parts...)
				got, st := run(t, newMemory(some...), Options{})
				plain, _ := run(t, newMemory(without(packets, parts...)...), Options{})
				if len(some) == len(closed) || !slices.Equal(got, plain) || len(st.Encrypted) != 0 {
					t.Errorf("%s: %d of %d packets, encrypted %+v, got\n%s", name, len(some), len(closed), st.Encrypted, strings.Join(got, "\n"))
				}
			}
			some := without(closed, `ck="`, "\x00\x00\x02\x72\xc0") // no keys at all
			if got, st := run(t, newMemory(some...), Options{}); len(st.Encrypted) == 0 || slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "[esp") }) {
				t.Errorf("no keys: encrypted %+v, got\n%s", st.Encrypted, strings.Join(got, "\n"))
			}
			// Other keys.
			_, st := run(t, newMemory(sealAll(packets, c.block, sha1Of(ck))...), Options{})
			denied := uint64(0)
			for _, a := range st.Encrypted {
				denied += a.Denied
				if a.Denied != a.Sealed {
					t.Errorf("%+v: another ICV is not told", a)
				}
			}
			if denied != 10 {
				t.Errorf("%d packets denied", denied)
			}
		})
	}
}

// TestAgreementsOfOthers: keys open nothing where the challenge, the call or the phone is another one.
func TestAgreementsOfOthers(t *testing.T) {
	packets, ck, ik := agreed(t)
	block, _ := aes.NewCipher(ck)
	closed := sealAll(packets, block, sha1Of(ik))
	// The last 401 before the first ESP packet is that to the phone.
	gm := slices.IndexFunc(closed, func(p []byte) bool { return p[9] == 50 })
	for gm--; !bytes.HasPrefix(closed[gm][28:], []byte("SIP/2.0 401")); gm-- {
	}
	replace := func(old, with string) [][]byte {
		out := slices.Clone(closed)
		if out[gm] = bytes.Replace(closed[gm], []byte(old), []byte(with), 1); bytes.Equal(out[gm], closed[gm]) || len(out[gm]) != len(closed[gm]) {
			t.Fatalf("no %q in %q", old, closed[gm])
		}
		return out
	}
	elsewhere := slices.Clone(closed)
	elsewhere[gm] = bytes.Clone(closed[gm])
	elsewhere[gm][19]++                         // the address that it goes to
	elsewhere[gm][26], elsewhere[gm][27] = 0, 0 // no checksum
	for name, packets := range map[string][][]byte{
		"another challenge": replace(`nonce="p7Or`, `nonce="p8Or`), "another call": replace("Call-ID: Spp", "Call-ID: Sqp"),
		"other SPIs": replace("spi-c=4096;spi-s=4097", "spi-c=4196;spi-s=4197"), "another phone": elsewhere,
	} {
		_, st := run(t, newMemory(packets...), Options{})
		toProxy := 0
		for _, a := range st.Encrypted {
			if a.Dst.String() == "10.46.0.2" {
				toProxy++
			}
		}
		if toProxy != 2 {
			t.Errorf("%s: %+v", name, st.Encrypted)
		}
	}
}

// TestAgreementsWithOthers: where the P-CSCF also offers what is not known here, another ICV says nothing of the keys.
func TestAgreementsWithOthers(t *testing.T) {
	packets, ck, _ := agreed(t)
	block, _ := aes.NewCipher(ck)
	closed := sealAll(packets, block, hmac.New(sha1.New, ck)) // no key of theirs
	for i, p := range closed {
		if bytes.Contains(p, []byte("Security-Server")) {
			closed[i] = bytes.Replace(bytes.Clone(p), []byte("alg=hmac-sha-1-96;ealg=null"), []byte("alg=aes-gmac; ealg=aes-gcm "), 1)
		}
	}
	undecided(t, closed)
}

// undecided checks that there is ESP whose keys are known, and that nothing is said against them.
func undecided(t *testing.T, packets [][]byte) {
	t.Helper()
	_, st := run(t, newMemory(packets...), Options{})
	if len(st.Encrypted) == 0 {
		t.Error("nothing encrypted")
	}
	for _, a := range st.Encrypted {
		if a.Denied != 0 || !a.Keyed() {
			t.Errorf("%+v", a)
		}
	}
}

// TestAgreementsRedacted: ESP that was blanked is not taken for a wrong ICV.
func TestAgreementsRedacted(t *testing.T) {
	packets, ck, ik := agreed(t)
	p := protections(ck, ik)[0]
	closed := sealAll(packets, p.block, p.mac)
	for i, b := range closed {
		if b[9] != 50 {
			continue
		}
		closed[i] = bytes.Clone(b)
		first := binary.BigEndian.Uint16(b[6:])&0x1fff == 0
		if from := 20; first {
			clear(closed[i][from+8:])
		} else {
			clear(closed[i][from:])
		}
	}
	undecided(t, closed)
}

// FuzzAgreements learns from anything, in whatever order, and what it remembers is bounded.
func FuzzAgreements(f *testing.F) {
	f.Add([]byte(request("REGISTER", 1, "")), []byte("SIP/2.0 401 Unauthorized\r\nSecurity-Server: ipsec-3gpp;spi-c=1;spi-s=2\r\n\r\n"))
	f.Add([]byte("REGISTER sip:a SIP/2.0\r\nCall-ID: a\r\nSecurity-Client: ipsec-3gpp;spi-c=1;spi-s=2\r\n\r\n"),
		[]byte("SIP/2.0 401 x\r\nCall-ID: a\r\nSecurity-Server: tls, ipsec-3gpp;spi-c=3;spi-s=4\r\nWWW-Authenticate: Digest nonce=\"AA\", ck=\"000102030405060708090a0b0c0d0e0f\", ik=\"000102030405060708090a0b0c0d0e0f\"\r\n\r\n"))
	f.Fuzz(func(t *testing.T, first, second []byte) {
		a := newAgreements(network.NewSecurity(nil))
		for _, b := range [][]byte{first, second, first, second} {
			a.assembled(b, ue, pcscf)
		}
		if n := len(a.open.values) + len(a.waiting.values) + len(a.keys.values); n > 6 {
			t.Fatalf("%d things remembered of two messages", n)
		}
	})
}

func TestRecent(t *testing.T) {
	r := newRecent[int](3)
	for i, name := range strings.Split("a b c a d e", " ") {
		r.put(name, i)
	}
	for name, want := range map[string]int{"a": 0, "b": 0, "c": 2, "d": 4, "e": 5} {
		if got := r.get(name); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
	if len(r.values) != 3 || len(r.ring) != 3 {
		t.Errorf("%+v", r)
	}
}

// TestAgreementsRenewed: a phone that registers again agrees anew within the associations that it has, over TCP, and the
// keys of the new ones come from the HSS.
func TestAgreementsRenewed(t *testing.T) {
	scscf := netip.MustParseAddrPort("10.46.0.4:5060")
	challenge := func(n byte) []byte { return bytes.Repeat([]byte{n}, challengeLen) }
	key := func(n byte) []byte { return bytes.Repeat([]byte{n}, 16) }
	register := func(n, spi int) string {
		return strings.Replace(request("REGISTER", n, ""), "Max-Forwards", fmt.Sprintf("Security-Client: tls,ipsec-3gpp; alg=hmac-sha-1-96; ealg=aes-cbc; spi-c=%d; spi-s=%d; port-c=1;port-s=2\r\nMax-Forwards", spi, spi+1), 1)
	}
	refused := func(n int, challenge []byte, more string) string {
		return strings.Replace(response(401, n), "CSeq", fmt.Sprintf("WWW-Authenticate: Digest realm=\"r\", nonce=\"%s\", algorithm=AKAv1-MD5%s\r\nCSeq", base64.StdEncoding.EncodeToString(challenge), more), 1)
	}
	server := func(text string, spi int) string {
		return strings.Replace(text, "CSeq", fmt.Sprintf("Security-Server: digest\r\nSecurity-Server: ipsec-3gpp;q=0.1;alg=hmac-sha-1-96;ealg=aes-cbc;spi-c=%d;spi-s=%d;port-c=3;port-s=4\r\nCSeq", spi, spi+1), 1)
	}
	maa := func(challenge []byte, n byte) string {
		b := diameter.NewAnswer(diameter.CmdMAR, diameter.AppCx, 7, 7)
		for _, v := range [][]byte{bytes.Repeat([]byte{0xee}, challengeLen), challenge} { // the second vector of two
			b.Group(diameter.AVPSIPAuthDataItem, diameter.Vendor3GPP, 0xc0, func(b *diameter.Builder) {
				b.Bytes(diameter.AVPSIPAuthenticate, diameter.Vendor3GPP, 0xc0, v)
				b.Bytes(diameter.AVPConfidentialityKey, diameter.Vendor3GPP, 0xc0, key(n))
				b.Bytes(diameter.AVPIntegrityKey, diameter.Vendor3GPP, 0xc0, key(n+1))
			})
		}
		return string(b.Message())
	}
	inESP := func(src, dst netip.AddrPort, spi uint32, k byte, packet []byte) []byte {
		block, _ := aes.NewCipher(key(k))
		null := esp(spi, packet[20:])
		null[len(null)-13] = packet[9]
		return ip(t, src, dst, layers.IPProtocolESP, seal(null, block, sha1Of(key(k+1))))
	}
	up, down := netip.AddrPortFrom(ue.Addr(), 1), netip.AddrPortFrom(pcscf.Addr(), 4)
	again := register(2, 31)
	packets := [][]byte{
		udp(t, ue, pcscf, register(1, 11)),
		udp(t, pcscf, ue, server(refused(1, challenge(1), ""), 21)), // before the keys, as another interface may have it
		udp(t, scscf, pcscf, refused(1, challenge(1), fmt.Sprintf(`, ck="%x", ik="%x"`, key(0x31), key(0x32)))),
		inESP(up, down, 22, 0x31, udp(t, up, down, request("REGISTER", 2, ""))),
		inESP(up, down, 22, 0x31, tcp(t, up, down, 1, 0, again[:200])), // anew
		inESP(up, down, 22, 0x31, tcp(t, up, down, 201, 0, again[200:])),
		sctp(t, hss, scscf, 3, 10, 46, maa(challenge(2), 0x51)),
		inESP(down, up, 11, 0x31, tcp(t, down, up, 1, 0, server(refused(2, challenge(2), ""), 41))),
		inESP(up, down, 42, 0x51, udp(t, up, down, request("REGISTER", 3, ""))),
		inESP(down, up, 12, 0x31, udp(t, down, up, response(200, 3))), // the old ones go on
		inESP(down, up, 32, 0x51, udp(t, down, up, response(200, 4))),
	}
	got, st := run(t, newMemory(packets...), Options{})
	if len(st.Encrypted) != 0 || len(got) != 10 || len(st.Undecodable) > 0 {
		t.Errorf("encrypted %+v, %v; got\n%s", st.Encrypted, st.Undecodable, strings.Join(got, "\n"))
	}
}
