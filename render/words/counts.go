package words

import (
	"imscope/correlate"
	"imscope/render"
	"imscope/render/style"
)

// Ended counts de-registrations, and words who asked for them and how many attempts failed: "2 by the user, 1 by
// expiry; 1 attempt failed".
func Ended(d *correlate.Deregistrations) (total int, l []Word) {
	sep := ""
	add := func(n int, role style.Role, what string) {
		if n == 0 {
			return
		}
		if len(l) > 0 {
			l = append(l, Word{Text: sep})
		}
		l = append(l, Word{Role: role, Text: what})
	}
	by := func(n int, role style.Role, who string) {
		total += n
		add(n, role, render.Number(n)+" by "+who)
		sep = ", "
	}
	by(d.User, style.ByUser, "the user")
	by(d.Network, style.ByNetwork, "the network")
	by(d.Expiry, style.ByExpiry, "expiry")
	by(d.Unknown, style.Warn, "unknown")
	sep = "; "
	add(d.Failed, style.Bad, render.Count(d.Failed, "attempt")+" failed")
	return total, l
}

// OfUsers counts the users of a report, and those of the capture where they are more: "1 of 5 users".
func OfUsers(rep *correlate.Report) string {
	if n := rep.Len(); n != rep.Stats.Users {
		return render.Number(n) + " of " + render.Count(rep.Stats.Users, "user")
	}
	return render.Count(rep.Len(), "user")
}

// Examples says of how many kinds of cases users stand for all.
func Examples(shown, kinds int) string {
	if kinds > shown {
		return "One user of each of " + render.Number(shown) + " kinds of cases, of " + render.Number(kinds)
	}
	return "One user of each kind of case"
}
