package compare

import (
	"slices"

	"imscope/correlate/story"
)

// Scores of lining up. Two transactions of one kind are worth more than leaving both without a counterpart, and two answers
// of other codes are still answers to the same question.
const (
	scoreKind    = 10
	scoreEnd     = 20  // both remove bindings: they are what the flows are compared for
	scoreSame    = 6   // the same in every respect that tells requests of one kind apart
	scoreWay     = 4   // between the same parties
	scoreAnswer  = 3   // answered alike
	scoreOther   = -14 // of another party: a watcher of its own
	scoreGap     = -3
	scoreNothing = -1 << 20
)

// item is a transaction: a request with its answers, by the indices of their steps. What no message made stands alone.
type item struct {
	steps []int
	like  likeness
}

// items gathers the steps of a flow into transactions, in the order of their first steps.
func items(list []Step) []item {
	var out []item
	index := map[any]int{}
	for i := range list {
		e := list[i].Event
		var key any
		switch {
		case e.Exchange != nil:
			key = e.Exchange
		case e.Cx != nil:
			key = e.Cx
		}
		if at, ok := index[key]; ok && key != nil {
			out[at].steps = append(out[at].steps, i)
			continue
		}
		if key != nil {
			index[key] = len(out)
		}
		out = append(out, item{steps: []int{i}})
	}
	for i := range out {
		out[i].like = likenessOf(list, out[i].steps)
	}
	return out
}

// pair is a row of the comparison: indices of transactions or of steps, -1 for none.
type pair struct{ left, right int }

// align lines up the transactions of two flows (Needleman and Wunsch), and joins those that only changed places.
func align(left, right []item) []pair {
	n, m := len(left), len(right)
	best := make([]int32, (n+1)*(m+1))
	at := func(i, j int) *int32 { return &best[i*(m+1)+j] }
	for i := 1; i <= n; i++ {
		*at(i, 0) = int32(i * scoreGap)
	}
	for j := 1; j <= m; j++ {
		*at(0, j) = int32(j * scoreGap)
	}
	for i := 1; i <= n; i++ {
		for j := 1; j <= m; j++ {
			v := max(*at(i-1, j)+scoreGap, *at(i, j-1)+scoreGap)
			if s := left[i-1].like.score(&right[j-1].like); s > scoreNothing {
				v = max(v, *at(i-1, j-1)+int32(s))
			}
			*at(i, j) = v
		}
	}
	var rows []pair
	for i, j := n, m; i > 0 || j > 0; {
		// Of equal ways the one that has its counterparts early: what is too many comes behind.
		switch {
		case j > 0 && *at(i, j) == *at(i, j-1)+scoreGap:
			j--
			rows = append(rows, pair{-1, j})
		case i > 0 && *at(i, j) == *at(i-1, j)+scoreGap:
			i--
			rows = append(rows, pair{i, -1})
		default:
			i, j = i-1, j-1
			rows = append(rows, pair{i, j})
		}
	}
	slices.Reverse(rows)
	return swapped(rows, left, right)
}

// near is how far apart two transactions may stand that changed places: those of one registration overlap.
const near = 8

// swapped joins rows of one side alone with a row of the other that is the same in all respects and stands near. Nothing
// changes places with what lies beyond a de-registration of both.
func swapped(rows []pair, left, right []item) []pair {
	end := func(p pair) bool { return p.left >= 0 && p.right >= 0 && left[p.left].like.removes }
	for i := range rows {
		if rows[i].left < 0 || rows[i].right >= 0 {
			continue
		}
		from, to := i, i
		for from > 0 && i-from < near && !end(rows[from-1]) {
			from--
		}
		for to+1 < len(rows) && to-i < near && !end(rows[to+1]) {
			to++
		}
		for j := from; j <= to; j++ {
			if rows[j].left < 0 && rows[j].right >= 0 && left[rows[i].left].like == right[rows[j].right].like {
				rows[i].right, rows[j].right = rows[j].right, -1
				break
			}
		}
	}
	return slices.DeleteFunc(rows, func(p pair) bool { return p.left < 0 && p.right < 0 })
}

// likeness is what tells transactions apart.
type likeness struct {
	method     string // of SIP or Cx; the kind of an event that no message made
	from, to   string
	party      string // whose transaction it is: who asks, or who is notified; "" unknown
	thirdParty bool
	removes    bool // a REGISTER that removes a binding
	auth       bool
	state      string // of a NOTIFY
	answered   bool
	status     int
}

func likenessOf(list []Step, steps []int) likeness {
	e := list[steps[0]].Event
	last := list[steps[len(steps)-1]].Event
	k := likeness{method: e.Method, from: role(e.From), to: role(e.To), thirdParty: e.Kind == story.KindThirdParty}
	if e.Method == "" {
		k.method = string(e.Kind)
	}
	k.party = k.from
	if isAnswer(e) {
		k.party = k.to
	}
	switch x := e.Exchange; {
	case e.Cx != nil:
		k.method = e.Cx.Name
		k.answered = e.Cx.Answer.Seen()
		k.status = int(max(e.Cx.Result, e.Cx.Experimental))
	case x == nil:
	default:
		k.answered, k.status = last.Status != 0, last.Status
		if x.Register != nil {
			k.thirdParty = x.Register.ThirdParty
			k.removes, k.auth = x.Register.Removes(), x.Register.Response
		}
		if x.Notify != nil {
			k.state = x.Notify.State
			if k.party = k.to; isAnswer(e) {
				k.party = k.from
			}
		}
	}
	return k
}

// score says how well two transactions fit. Only those of one kind do at all; to remove a binding and to make one are two.
func (k *likeness) score(o *likeness) int {
	if k.method != o.method || k.thirdParty != o.thirdParty || k.removes != o.removes {
		return scoreNothing
	}
	s := scoreKind
	if k.auth == o.auth && k.state == o.state {
		s += scoreSame
	}
	if k.removes {
		s += scoreEnd
	}
	switch {
	case k.from == o.from && k.to == o.to:
		s += scoreWay
	case k.party != o.party && k.party != "" && o.party != "":
		s += scoreOther
	}
	switch {
	case k.answered && o.answered && k.status == o.status:
		s += scoreAnswer
	case k.answered && o.answered && k.status/100 != o.status/100:
		s -= scoreAnswer
	}
	return s
}
