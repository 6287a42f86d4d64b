package render

import (
	"strconv"
	"time"
)

// UTC turns the nanoseconds of the report model into a time.
func UTC(ns int64) time.Time { return time.Unix(0, ns).UTC() }

// Stamp words a moment with its date, to the millisecond: "2005-03-01 10:00:00.123". It is empty for
// an unknown time (0).
func Stamp(ns int64) string {
	if ns == 0 {
		return ""
	}
	return UTC(ns).Format("2006-01-02 15:04:05.000")
}

// When words a moment to the second, the date only if it is not the day of ref: "10:00:00" or
// "2005-03-01 10:00:00". It is empty for an unknown time (0).
func When(ns, ref int64) string {
	if ns == 0 {
		return ""
	}
	t, r := UTC(ns), UTC(ref)
	if t.Year() == r.Year() && t.YearDay() == r.YearDay() {
		return t.Format("15:04:05")
	}
	return t.Format("2006-01-02 15:04:05")
}

// Duration words a span of time with about three digits, as one reads it: "0.4 ms", "84 ms",
// "1.24 s", "2 min 5 s", "3 h 20 min", "2 d 4 h". The sign of a negative one is kept.
func Duration(ns int64) string {
	if ns < 0 {
		return "-" + Duration(-max(ns, -1<<62))
	}
	const (
		ms    = int64(time.Millisecond)
		s     = int64(time.Second)
		m     = int64(time.Minute)
		h     = int64(time.Hour)
		day   = 24 * h
		tenth = ms / 10
	)
	switch {
	case ns == 0:
		return "0 ms"
	case ns < 10*ms-tenth/2:
		return decimals(ns, ms, 1) + " ms"
	case ns < s-ms/2:
		return decimals(ns, ms, 0) + " ms"
	case ns < 10*s-s/200:
		return decimals(ns, s, 2) + " s"
	case ns < m-s/20:
		return decimals(ns, s, 1) + " s"
	case ns < h-s/2:
		return pair(ns, m, s, " min ", " s")
	case ns < day-m/2:
		return pair(ns, h, m, " h ", " min")
	}
	return pair(ns, day, h, " d ", " h")
}

// decimals gives ns in units with a fixed number of decimals, rounded.
func decimals(ns, unit int64, digits int) string {
	return strconv.FormatFloat(float64(ns)/float64(unit), 'f', digits, 64)
}

// pair gives ns as large and small units, the small ones rounded and left out if there are none.
func pair(ns, large, small int64, largeName, smallName string) string {
	n := (ns + small/2) / small
	per := large / small
	out := strconv.FormatInt(n/per, 10) + largeName
	if n%per == 0 {
		return out[:len(out)-1]
	}
	return out + strconv.FormatInt(n%per, 10) + smallName
}

// Count words a number with its noun: "1 user", "20,000 users". The plural adds an s unless the
// noun says both, as in "reply|replies".
func Count[N int | int64 | uint64 | uint32](n N, noun string) string {
	one, many := noun, noun+"s"
	for i := range noun {
		if noun[i] == '|' {
			one, many = noun[:i], noun[i+1:]
		}
	}
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + many
}

// Number writes a number with commas between the thousands.
func Number[N int | int64 | uint64 | uint32](n N) string {
	digits := strconv.FormatUint(uint64(n), 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", strconv.FormatUint(-uint64(n), 10)
	}
	out := make([]byte, 0, len(digits)+len(digits)/3+1)
	for i := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out = append(out, ',')
		}
		out = append(out, digits[i])
	}
	return sign + string(out)
}
