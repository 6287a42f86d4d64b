package pseudonym

// Word replaces letters and digits, everything else in it stays. Letters of either case become letters of the
// same case, and two words that differ in case alone become two that do. Words with digits between a and f
// only, as long as those of an identifier, stay hexadecimal. Letters outside ASCII become others of the same length
// in UTF-8.
func (b *Book) Word(w []byte) { b.cached(KindName, w, b.word) }

// hexWord is how long a word of hexadecimal digits has to be to be taken for more than a name.
const hexWord = 8

func (b *Book) word(w []byte) {
	hex := isHexWord(w)
	b.begin()
	for _, c := range w {
		switch l := c | 0x20; {
		case hex && c >= '0' && c <= '9':
			b.add(int(c-'0'), 16)
		case hex && l >= 'a' && l <= 'f':
			b.add(int(l-'a')+10, 16)
		case c >= '0' && c <= '9':
			b.add(int(c-'0'), 10)
		case l >= 'a' && l <= 'z':
			b.add(int(l-'a'), 26)
		}
	}
	upper := false
	for _, c := range w {
		upper = upper || c >= 'A' && c <= 'Z'
	}
	b.permute("word")
	i := 0
	for k, c := range w {
		switch l := c | 0x20; {
		case hex && (c >= '0' && c <= '9' || l >= 'a' && l <= 'f'):
			w[k] = hexDigit(b.v[i], upper)
		case c >= '0' && c <= '9':
			w[k] = '0' + byte(b.v[i])
		case l >= 'a' && l <= 'z':
			w[k] = 'a' + byte(b.v[i]) - (l - c)
		default:
			continue
		}
		i++
	}
	b.runes(w)
}

// isHexWord reports whether a word is hexadecimal: long, with digits and letters, of one case.
func isHexWord(w []byte) bool {
	digits, lower, upper := 0, 0, 0
	for _, c := range w {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'f':
			lower++
		case c >= 'A' && c <= 'F':
			upper++
		default:
			return false
		}
	}
	return len(w) >= hexWord && digits > 0 && (lower > 0) != (upper > 0)
}

func hexDigit(v uint16, upper bool) byte {
	switch {
	case v < 10:
		return '0' + byte(v)
	case upper:
		return 'A' + byte(v-10)
	}
	return 'a' + byte(v-10)
}

// runes replaces what is not ASCII: sequences of UTF-8 by letters of the same length, other bytes by question marks.
func (b *Book) runes(w []byte) {
	for i := 0; i < len(w); {
		c := w[i]
		n := 1
		switch {
		case c < 0x80:
			i++
			continue
		case c >= 0xf0 && c <= 0xf4:
			n = 4
		case c >= 0xe0:
			n = 3
		case c >= 0xc2:
			n = 2
		}
		ok := n > 1 && i+n <= len(w) && c <= 0xf4
		for k := 1; ok && k < n; k++ {
			ok = w[i+k]&0xc0 == 0x80
		}
		if !ok {
			w[i] = '?'
			i++
			continue
		}
		var r [4]byte
		b.p.random(r[:], "rune", w[i:i+n])
		switch v := uint16(r[0])<<8 | uint16(r[1]); n {
		case 2: // U+0400 to U+044F, Cyrillic letters
			v = 0x400 + v%0x50
			w[i], w[i+1] = 0xc0|byte(v>>6), 0x80|byte(v&0x3f)
		case 3: // U+4E00 to U+8DFF, Chinese characters
			v = 0x4e00 + v%0x4000
			w[i], w[i+1], w[i+2] = 0xe0|byte(v>>12), 0x80|byte(v>>6&0x3f), 0x80|byte(v&0x3f)
		case 4: // U+1F600 to U+1F63F, faces
			w[i], w[i+1], w[i+2], w[i+3] = 0xf0, 0x9f, 0x98, 0x80|byte(v&0x3f)
		}
		i += n
	}
}
