package pseudonym

// Number replaces the digits of a telephone number, whatever stands between them. Zeros at its beginning stay, they
// are prefixes.
func (b *Book) Number(t []byte) { b.digits(KindNumber, t, b.number) }

func (b *Book) number(d []byte) {
	zeros := 0
	for zeros < len(d) && d[zeros] == '0' {
		zeros++
	}
	b.begin()
	for i, c := range d[zeros:] {
		if i == 0 {
			b.add(int(c-'1'), 9)
			continue
		}
		b.add(int(c-'0'), 10)
	}
	b.permute("number")
	for i := range b.v {
		d[zeros+i] = '0' + byte(b.v[i])
		if i == 0 {
			d[zeros]++
		}
	}
}

// IMSI replaces the digits of an IMSI (TS 23.003 2.2). Country and network code stay unless the options say
// otherwise.
func (b *Book) IMSI(t []byte) { b.digits(KindIMSI, t, b.imsi) }

func (b *Book) imsi(d []byte) {
	n := min(plmnLen(d), len(d))
	prefix := string(d[:n])
	b.plmn(d[:n])
	b.all("imsi"+prefix, d[n:])
}

// PLMN replaces country and network code, five or six digits, if the options say so.
func (b *Book) PLMN(d []byte) { b.plmn(d) }

func (b *Book) plmn(d []byte) {
	if !b.opt.HidePLMN || len(d) < mccLen {
		return
	}
	mcc := string(d[:mccLen])
	b.all("mcc", d[:mccLen])
	b.all("mnc"+mcc, d[mccLen:])
}

const mccLen = 3

// plmnLen tells how many digits of an IMSI are country and network code. Network codes of three digits are assigned
// in North America and a few other countries (ITU-T E.212); the digits do not say it.
func plmnLen(d []byte) int {
	if len(d) < mccLen {
		return len(d)
	}
	switch mcc := int(d[0]-'0')*100 + int(d[1]-'0')*10 + int(d[2]-'0'); {
	case mcc >= 310 && mcc <= 316, mcc == 302, mcc == 334, mcc == 338, mcc == 342, mcc == 344, mcc == 346, mcc == 348,
		mcc == 350, mcc == 352, mcc == 354, mcc == 356, mcc == 358, mcc == 360, mcc == 365, mcc == 366, mcc == 376,
		mcc == 405, mcc == 708, mcc == 714, mcc == 722, mcc == 732, mcc == 748, mcc == 750:
		return 6
	}
	return 5
}

// IMEI replaces the digits of an IMEI or IMEISV (TS 23.003 6.2), with or without what follows the serial number: a
// check digit that was right stays right; a spare digit and a software version stay.
func (b *Book) IMEI(t []byte) { b.digits(KindIMEI, t, b.imei) }

func (b *Book) imei(d []byte) {
	const (
		full    = IMEIBody + 1 // with a check digit
		version = IMEIBody + 2 // an IMEISV
	)
	if len(d) < IMEIBody || len(d) > version {
		b.all("imei", d)
		return
	}
	right := len(d) == full && luhn(d[:IMEIBody]) == d[IMEIBody]
	b.all("imei", d[:IMEIBody])
	if right {
		d[IMEIBody] = luhn(d[:IMEIBody])
	}
}

// IMEIBody is the length of an IMEI without what follows its serial number: 8 digits of type, 6 of serial number.
const IMEIBody = 14

// luhn gives the check digit of an IMEI (TS 23.003 Annex B).
func luhn(d []byte) byte {
	sum := 0
	for i, c := range d {
		n := int(c - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return '0' + byte((10-sum%10)%10)
}

// all replaces decimal digits.
func (b *Book) all(tweak string, d []byte) {
	b.begin()
	for _, c := range d {
		b.add(int(c-'0'), 10)
	}
	b.permute(tweak)
	for i := range d {
		d[i] = '0' + byte(b.v[i])
	}
}

// digits replaces the digits of t; what stands between them stays.
func (b *Book) digits(kind Kind, t []byte, make func([]byte)) {
	var room [32]byte
	d := room[:0]
	for _, c := range t {
		if c >= '0' && c <= '9' {
			d = append(d, c)
		}
	}
	if len(d) == 0 {
		return
	}
	b.cached(kind, d, make)
	i := 0
	for k, c := range t {
		if c >= '0' && c <= '9' {
			t[k] = d[i]
			i++
		}
	}
}

// UUID replaces the hexadecimal digits of a UUID, except the two that tell its version and variant (RFC 9562 4). Its node
// gets the pseudonym of the hardware address that it may be.
func (b *Book) UUID(t []byte) { b.cached(KindUUID, t, b.uuid) }

func (b *Book) uuid(t []byte) {
	front := t
	if n := len(t) - nodeLen; n > 0 && countHex(t) == uuidLen && countHex(t[n:]) == nodeLen {
		front = t[:n]
		b.Node(t[n:])
	}
	b.hex("uuid", front, func(i int) bool { return i == 12 || i == 16 })
}

const (
	uuidLen = 32 // digits
	nodeLen = 12
)

func countHex(t []byte) (n int) {
	for _, c := range t {
		if unhex(c) >= 0 {
			n++
		}
	}
	return n
}

// Node replaces all hexadecimal digits of a hardware address that is written as text, as MAC does with its bytes.
func (b *Book) Node(t []byte) {
	if key, ok := b.look(kindNode, t); !ok {
		b.node(t)
		b.keep(key, t)
	}
}

func (b *Book) node(t []byte) {
	var raw [nodeLen / 2]byte
	n, upper := 0, false
	for _, c := range t {
		if v := unhex(c); v >= 0 {
			if n < nodeLen {
				raw[n/2] = raw[n/2]<<4 | byte(v)
			}
			upper = upper || c >= 'A' && c <= 'F'
			n++
		}
	}
	if n != nodeLen || raw[0]&1 != 0 || allZero(raw[:]) { // no address: the node of a random UUID, of a place
		b.hex("node", t, func(int) bool { return false })
		return
	}
	b.MAC(raw[:])
	i := 0
	for k, c := range t {
		if unhex(c) >= 0 {
			t[k] = hexDigit(uint16(raw[i/2]>>(4-4*(i&1))&15), upper)
			i++
		}
	}
}

// hex replaces hexadecimal digits of t, except those whose number keep says yes to.
func (b *Book) hex(tweak string, t []byte, keep func(i int) bool) {
	b.begin()
	upper, n := false, 0
	for _, c := range t {
		v := unhex(c)
		if v < 0 {
			continue
		}
		upper = upper || c >= 'A' && c <= 'F'
		if !keep(n) {
			b.add(v, 16)
		}
		n++
	}
	b.permute(tweak)
	n, i := 0, 0
	for k, c := range t {
		if unhex(c) < 0 {
			continue
		}
		if !keep(n) {
			t[k] = hexDigit(b.v[i], upper)
			i++
		}
		n++
	}
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// Cell replaces the identity of a cell or of another place that a phone is at (TS 24.229 7.2A.4): country and network
// code, which may stay, and hexadecimal digits. Other text is replaced like a word.
func (b *Book) Cell(t []byte) { b.cached(KindCell, t, b.cell) }

func (b *Book) cell(t []byte) {
	const shortest = 8 // of a cell identity with its PLMN
	digits := 0
	for digits < len(t) && t[digits] >= '0' && t[digits] <= '9' {
		digits++
	}
	all := true
	for _, c := range t {
		all = all && (unhex(c) >= 0 || c == '-' || c == ':')
	}
	if n := plmnLen(t[:digits]); all && len(t) >= shortest && digits >= n {
		prefix := string(t[:n])
		b.plmn(t[:n])
		b.hex("cell"+prefix, t[n:], func(int) bool { return false })
		return
	}
	b.word(t)
}
