package correlate

import "imscope/correlate/fact"

// owned is whose an exchange or a transaction is, and where its facts are.
type owned struct {
	u     *user
	chain fact.Chain // in the engine's log if kept, else in that of what passes by; empty in a Live
	kept  bool       // the facts are a user's
}

// in is the log that has the facts, of the engine's and that of what passes by.
func (o *owned) in(log, passing *fact.Log) *fact.Log {
	if o.kept {
		return log
	}
	return passing
}

// own makes facts that passed by those of their user, which they turned out to be.
func (o *owned) own(passing, log *fact.Log) {
	if !o.kept {
		o.chain, o.kept = passing.Move(o.chain, log, 0), true
	}
}

// addTo adds an entry to what is open in an index, unless in a Live. Its sections are given where they may be shared with
// earlier ones of the user.
func addTo[K comparable, V any](e *Engine, x *index[K, V], o *owned, head, body []byte, list []fact.Section) {
	switch {
	case o.kept && o.u != nil:
		e.log.AddShared(&o.chain, &o.u.find().sections, head, body, list)
	case o.kept:
		e.log.Add(&o.chain, head, body, 0)
	default:
		x.passing.Add(&o.chain, head, body, x.puts)
	}
}
