package redact

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"net/netip"

	"imscope/decode/diameter"
)

const (
	avpHeader       = 8
	avpVendorHeader = 12
	// maxGroups is how deep grouped AVPs are followed; what is deeper is made unreadable.
	maxGroups = 8
)

// avp says what the data of an AVP is.
type avp uint8

const (
	avpUnknown avp = iota
	avpKeep
	avpName
	avpHost
	avpURI // a URI or a list of header field values
	avpText
	avpSecret
	avpXML
	avpAddress
	avpIP // an IPv4 or IPv6 address and nothing else
	avpSession
	avpCallID
	avpBCD
	avpRealm
)

// baseData and cxData say it for the AVPs that say more than numbers. Names of the codes are in package diameter.
var (
	baseData = map[uint32]avp{
		diameter.AVPUserName: avpName, 4: avpIP, 8: avpIP, 14: avpIP, 30: avpHost, 31: avpName, 33: avpSecret, 44: avpText, 55: avpKeep, 257: avpAddress,
		diameter.AVPSessionID: avpSession, diameter.AVPOriginHost: avpHost, 269: avpKeep, 280: avpHost, 281: avpText,
		282: avpHost, diameter.AVPDestinationRealm: avpHost, 292: avpURI, diameter.AVPDestinationHost: avpHost, 294: avpHost,
		diameter.AVPOriginRealm: avpHost,
		// RFC 4590: digest authentication. 103 Response, 104 Realm, 105 Nonce, 106 Response-Auth, 107 Nextnonce, 108 Method,
		// 109 URI, 110 QoP, 111 Algorithm, 112 Entity-Body-Hash, 113 CNonce, 114 Nonce-Count, 115 Username, 116 Opaque,
		// 117 Auth-Param, 118 AKA-Auts, 119 Domain, 120 Stale, 121 HA1, 122 SIP-AOR
		103: avpSecret, 104: avpHost, 105: avpSecret, 106: avpSecret, 107: avpSecret, 108: avpKeep, 109: avpURI, 110: avpKeep,
		111: avpKeep, 112: avpSecret, 113: avpSecret, 114: avpKeep, 115: avpName, 116: avpSecret, 117: avpURI, 118: avpSecret,
		119: avpURI, 120: avpKeep, 121: avpSecret, 122: avpURI,
		443: avpUnknown, 444: avpName, 493: avpHost,
	}
	cxData = map[uint32]avp{
		1: avpName, 4: avpIP, 6: avpIP, 7: avpIP, 14: avpIP, 15: avpIP, 16: avpIP, // TS 29.061 16.4.7
		diameter.AVPVisitedNetworkIdentifier: avpRealm, diameter.AVPPublicIdentity: avpURI, diameter.AVPServerName: avpURI,
		diameter.AVPUserData: avpXML, diameter.AVPSIPAuthenticationScheme: avpKeep, diameter.AVPSIPAuthenticate: avpSecret,
		diameter.AVPSIPAuthorization: avpSecret, 611: avpSecret, diameter.AVPReasonInfo: avpText, 619: avpURI, 620: avpURI,
		621: avpURI, 622: avpURI, diameter.AVPConfidentialityKey: avpSecret, diameter.AVPIntegrityKey: avpSecret, 634: avpURI,
		diameter.AVPWildcardedIMPU: avpURI, 640: avpURI, 641: avpURI, 643: avpCallID, 644: avpURI, 645: avpURI, 646: avpURI,
		657: avpHost, 658: avpHost, 701: avpBCD, 702: avpXML,
	}
)

// avps redacts a row of AVPs. What is no AVP is made unreadable.
func (r *Redactor) avps(b []byte, depth int) {
	for len(b) > 0 {
		n, head := avpLen(b)
		if n == 0 {
			Blank(b)
			return
		}
		vendor := uint32(0)
		if head == avpVendorHeader {
			vendor = binary.BigEndian.Uint32(b[avpHeader:])
		}
		r.avp(vendor, binary.BigEndian.Uint32(b), b[head:n:n], depth)
		b = b[min((n+3)&^3, len(b)):]
	}
}

// avpLen gives the length of the AVP that b begins with, and of its header; 0 if there is none.
func avpLen(b []byte) (n, head int) {
	if len(b) < avpHeader {
		return 0, 0
	}
	head = avpHeader
	if b[4]&diameter.AVPVendor != 0 {
		head = avpVendorHeader
	}
	n = int(b[5])<<16 | int(b[6])<<8 | int(b[7])
	if n < head || n > len(b) {
		return 0, 0
	}
	return n, head
}

// avp redacts the data of one AVP.
func (r *Redactor) avp(vendor, code uint32, d []byte, depth int) {
	what := avpUnknown
	switch vendor {
	case 0:
		what = baseData[code]
	case diameter.Vendor3GPP:
		what = cxData[code]
	}
	switch what {
	case avpKeep:
	case avpName:
		r.inEscaped(d, false, r.identity)
	case avpHost:
		r.host(d)
	case avpRealm:
		r.visited(d)
	case avpURI:
		r.nameAddrs(d, header)
	case avpText:
		r.escaped(d, prose)
	case avpSecret:
		r.secretData(d)
	case avpXML:
		r.xml(d, dialect(d))
	case avpAddress:
		r.address16(d)
	case avpIP:
		r.ip(d)
	case avpSession:
		r.session(d)
	case avpCallID:
		r.callID(d)
	case avpBCD:
		r.bcd(d)
	default:
		r.otherData(d, depth)
	}
}

// secretData redacts a secret that may be written as text: digests of SIP are.
func (r *Redactor) secretData(d []byte) {
	if isPrintable(d) {
		r.Book.SecretText(d)
	} else {
		r.Book.Secret(d)
	}
}

// session redacts a Session-Id (RFC 6733 8.8): a host, numbers, and what the implementation likes.
func (r *Redactor) session(d []byte) {
	h, rest, _ := bytes.Cut(d, []byte(";"))
	r.host(h)
	r.escaped(rest, callID)
}

// address16 redacts data of type Address: a family of two bytes, then an IPv4 or IPv6 address (RFC 6733 4.3.1).
func (r *Redactor) address16(d []byte) {
	switch {
	case len(d) == 6:
		r.known.addr(netip.AddrFrom4([4]byte(d[2:])))
		r.Book.IPv4(d[2:])
	case len(d) == 18:
		r.known.addr(netip.AddrFrom16([16]byte(d[2:])))
		r.Book.IPv6(d[2:])
	default:
		r.escaped(d, prose)
	}
}

// ip redacts the bytes of an address.
func (r *Redactor) ip(d []byte) {
	if len(d) == 4 || len(d) == 16 {
		r.IP(d)
		return
	}
	r.Book.Secret(d)
}

// bcd redacts a number in semi-octets, the lower half first (TS 29.002 17.7.8, TBCD-STRING).
func (r *Redactor) bcd(d []byte) {
	digits := make([]byte, 0, 2*len(d))
	for _, c := range d {
		for _, v := range [...]byte{c & 15, c >> 4} {
			if v < 10 {
				digits = append(digits, '0'+v)
			}
		}
	}
	if len(digits) == 0 {
		return
	}
	if !r.number(digits, bytes.Clone(digits)) {
		r.digits(digits)
	}
	i := 0
	for k, c := range d {
		lo, hi := c&15, c>>4
		if lo < 10 {
			lo = digits[i] - '0'
			i++
		}
		if hi < 10 {
			hi = digits[i] - '0'
			i++
		}
		d[k] = hi<<4 | lo
	}
}

// otherData redacts data of which the code says nothing.
func (r *Redactor) otherData(d []byte, depth int) {
	switch {
	case len(d) == 0:
	case isGroup(d):
		if depth == maxGroups {
			Blank(d)
			return
		}
		r.avps(d, depth+1)
	case len(d) == 4 && r.isKnown([4]byte(d)):
		r.Book.IPv4(d)
	case (len(d) == 4 || len(d) == 8) && !isPrintable(d): // numbers and times
		r.octets(d)
	case (len(d) == 6 && d[1] == 1 || len(d) == 18 && d[1] == 2) && d[0] == 0:
		r.address16(d)
	case isText(d):
		r.nameAddrs(d, prose)
	default:
		r.Book.Secret(d)
	}
}

// octets redacts a known number in semi-octets: eight have room for an IMSI.
func (r *Redactor) octets(d []byte) {
	var room [16]byte
	text := room[:2*len(d)]
	hex.Encode(text, d)
	if r.semiOctets(text) {
		hex.Decode(d, text)
	}
}

// isGroup reports whether d is a row of AVPs and nothing else.
func isGroup(d []byte) bool {
	if len(d) == 0 {
		return false
	}
	for len(d) > 0 {
		n, _ := avpLen(d)
		if n == 0 || d[4]&0x1f != 0 {
			return false
		}
		d = d[min((n+3)&^3, len(d)):]
	}
	return true
}
