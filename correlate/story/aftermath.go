package story

import "imscope/correlate/fact"

// aftermath says what the phone did next, whether it should have, and what came of it.
func (t *Teller) aftermath(d *dereg, next comeback) string {
	p := d.pub
	if next.first == nil {
		return ""
	}
	since, at := p.Ended, next.first.FirstTime()
	if at < since {
		since = p.Started
	}
	remark := ""
	switch {
	case d.initiator != ByNetwork || !p.Successful():
	case d.forbids():
		remark = " although the reason forbids it"
	case d.says("deactivated"):
		remark = ", as deactivated asks"
	}
	later := t.words(t.short(at-since), " later", remark)
	switch status := next.status; {
	case status >= 200 && status < 300:
		return t.words("the UE registered again ", later)
	case (status == 0 || asksForMore(status)) && t.ctx.End-next.last.FirstTime() < timerF:
		return t.words("the UE began to register again ", later, ", and the capture ends")
	case status == 0:
		return t.words("the UE tried to register again ", later, ", without an answer")
	case asksForMore(status):
		return t.words("the UE began to register again ", later, ", and did not go on after the ", t.number(int64(status)))
	default:
		return t.words("the UE tried to register again ", later, ", answered ", t.number(int64(status)))
	}
}

// forbids reports whether the network said that registering again will not help.
func (d *dereg) forbids() bool {
	return d.termination != nil && d.termination.cx.Name == "RTR" && d.termination.cx.ReasonCode == 0 || d.says("rejected")
}

// comeback is a try of a phone to register again, with the final response to its last REGISTER; 0 while there is none.
type comeback struct {
	first, last *fact.Exchange
	status      int
}

// back gives the moment of the response that accepted it, ns; 0 if none did.
func (c comeback) back() int64 {
	if c.status/100 != 2 {
		return 0
	}
	return c.last.Final().First().Time
}

const (
	// maxTries and maxPause bound the REGISTERs that count as one wish to be back.
	maxTries = 64
	maxPause = 3600 * second
)

// comeback finds the first try to register one of the contacts again, or another one of the same device, that succeeds;
// else the last one.
func (t *Teller) comeback(d *dereg) comeback {
	var try comeback
	if len(d.bindings) == 0 {
		return try
	}
	tries := 0
	for _, x := range after(t.in.Exchanges, d.frame+1) {
		if !t.comesBack(d, x) {
			continue
		}
		if tries++; tries > maxTries || try.first != nil && x.FirstTime()-try.last.FirstTime() > maxPause {
			break
		}
		if try.first == nil || !asksForMore(try.status) {
			try.first = x
		}
		try.last, try.status = x, 0
		if final := x.Final(); final != nil {
			try.status = final.Status
		}
		if try.status >= 200 && try.status < 300 {
			break
		}
	}
	return try
}

// comesBack reports whether a REGISTER is one of a phone that a de-registration ended.
func (t *Teller) comesBack(d *dereg, x *fact.Exchange) bool {
	r := x.Register
	if r == nil || r.ThirdParty || !r.Binds() || !x.Request.Seen() || x.FirstTime() < d.time {
		return false
	}
	src := x.Request.First().Src
	shared := t.ctx.Role(src) == fact.RolePCSCF // by many phones: the capture begins behind it
	for _, b := range d.bindings {
		if !shared && b.source != "" && b.source == t.ctx.Addr(src) || mentions(r, b.key, b.instance) {
			return true
		}
	}
	return false
}

// asksForMore reports whether a response asks for another REGISTER of the same try: with credentials, a security agreement
// or a longer time.
func asksForMore(status int) bool {
	switch status {
	case 401, 407, 421, 423, 494:
		return true
	}
	return false
}
