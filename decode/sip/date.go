package sip

import "time"

// ParseDate reads a Date value (RFC 3261 20.17), which is always in GMT: "Sat, 13 Nov 2010 23:29:00 GMT".
// ok is false for any other form, so also for other time zones.
func ParseDate(v []byte) (t time.Time, ok bool) {
	const form = "Www, DD Mmm YYYY hh:mm:ss GMT"
	if len(v) != len(form) || v[3] != ',' || v[4] != ' ' || v[7] != ' ' || v[11] != ' ' || v[16] != ' ' ||
		v[19] != ':' || v[22] != ':' || string(v[25:]) != " GMT" || weekday(v[:3]) < 0 {
		return t, false
	}
	month := month(v[8:11])
	day, year := digits(v[5:7]), digits(v[12:16])
	hour, minute, second := digits(v[17:19]), digits(v[20:22]), digits(v[23:25])
	if month == 0 || day < 1 || day > 31 || year < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 {
		return t, false
	}
	return time.Date(year, month, day, hour, minute, second, 0, time.UTC), true
}

// digits reads a number, -1 if it is none.
func digits(b []byte) int {
	n, _, ok := parseUint(b)
	if !ok {
		return -1
	}
	return int(n)
}

func weekday(b []byte) time.Weekday {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if equalFold(b, d.String()[:3]) {
			return d
		}
	}
	return -1
}

func month(b []byte) time.Month {
	for m := time.January; m <= time.December; m++ {
		if equalFold(b, m.String()[:3]) {
			return m
		}
	}
	return 0
}
