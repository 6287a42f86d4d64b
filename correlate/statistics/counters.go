package statistics

import (
	"slices"

	"imscope/correlate/story"
)

// Kind is what a registration was after.
type Kind uint8

// Kinds of registrations.
const (
	Initial Kind = iota
	Refresh
	Removal
	Other // queries, and those of which the capture has answers only
	Kinds
)

func (k Kind) String() string {
	return [...]string{"initial", "refresh", "de-registration", "other"}[min(k, Other)]
}

func kindOf(k story.RegistrationKind) Kind {
	switch k {
	case story.RegistrationInitial:
		return Initial
	case story.RegistrationRefresh:
		return Refresh
	case story.RegistrationRemoval:
		return Removal
	}
	return Other
}

// outcomes and initiators give the words for the indices of Counts.
var (
	outcomes       = [...]string{story.Succeeded, story.Rejected, story.Unanswered, story.Abandoned, story.Open}
	initiators     = [...]string{story.ByUser, story.ByNetwork, story.ByExpiry, story.ByUnknown}
	deregistration = [...]string{story.Complete, story.Incomplete, story.Rejected, story.Unanswered, Idle}
)

// Idle is the outcome of a de-registration that was accepted when nothing was bound any more.
const Idle = "idle"

// index finds a word; what is unknown is the last one.
func index(words []string, word string) uint8 {
	if i := slices.Index(words, word); i >= 0 {
		return uint8(i)
	}
	return uint8(len(words) - 1)
}

// Counts are numbers of one group, time bucket or both.
type Counts struct {
	registrations   [Kinds][len(outcomes)]uint32
	deregistrations [len(initiators)][len(deregistration)]uint32
	findings        [3]uint32
}

// Attempts counts the registrations of a kind.
func (c *Counts) Attempts(k Kind) (n uint64) {
	for _, v := range c.registrations[k] {
		n += uint64(v)
	}
	return n
}

// Outcome counts the registrations of a kind that ended so: story.Succeeded, Rejected, Unanswered,
// Abandoned or Open.
func (c *Counts) Outcome(k Kind, outcome string) uint64 {
	i := slices.Index(outcomes[:], outcome)
	if i < 0 {
		return 0
	}
	return uint64(c.registrations[k][i])
}

// Success gives the share of a kind's registrations that succeeded, of those whose end the capture
// shows; ok is false where there are none.
func (c *Counts) Success(k Kind) (share float64, ok bool) {
	known := c.Attempts(k) - c.Outcome(k, story.Open)
	if known == 0 {
		return 0, false
	}
	return float64(c.Outcome(k, story.Succeeded)) / float64(known), true
}

// Deregistered counts the de-registrations by one initiator that really ended bindings.
func (c *Counts) Deregistered(initiator string) uint64 {
	return c.Deregistrations(initiator, story.Complete) + c.Deregistrations(initiator, story.Incomplete)
}

// Deregistrations counts the de-registrations by one initiator that ended so: story.Complete,
// Incomplete, Rejected, Unanswered, or Idle.
func (c *Counts) Deregistrations(initiator, outcome string) uint64 {
	i, j := slices.Index(initiators[:], initiator), slices.Index(deregistration[:], outcome)
	if i < 0 || j < 0 {
		return 0
	}
	return uint64(c.deregistrations[i][j])
}

// Findings counts the findings of a severity: 0 info, 1 warning, 2 error. Groups have none: findings are
// about users.
func (c *Counts) Findings(severity int) uint64 { return uint64(c.findings[severity]) }

func (c *Counts) merge(o *Counts) {
	for i := range c.registrations {
		for j := range c.registrations[i] {
			c.registrations[i][j] += o.registrations[i][j]
		}
	}
	for i := range c.deregistrations {
		for j := range c.deregistrations[i] {
			c.deregistrations[i][j] += o.deregistrations[i][j]
		}
	}
	for i := range c.findings {
		c.findings[i] += o.findings[i]
	}
}

// Outcomes lists the words for Counts.Outcome, Initiators and Deregistrations those for
// Counts.Deregistrations.
func Outcomes() []string { return outcomes[:] }

// Initiators lists who may begin a de-registration.
func Initiators() []string { return initiators[:] }

// DeregistrationOutcomes lists how a de-registration may end.
func DeregistrationOutcomes() []string { return deregistration[:] }

// Counters are Counts with times.
type Counters struct {
	Counts
	// Delay is the time from the first REGISTER to the last hop of the 2xx, of those that succeeded, by kind.
	Delay [Kinds]Histogram
	// Refreshed is the time between one answer and the next REGISTER of the same contact that succeeded.
	Refreshed Histogram
	// Late counts those of Refreshed that came after the granted time had run out.
	Late uint64
	// Away is the time from the end of a binding to the next registration of the same phone.
	Away Histogram
}

func (c *Counters) merge(o *Counters) {
	c.Counts.merge(&o.Counts)
	for i := range c.Delay {
		c.Delay[i].merge(&o.Delay[i])
	}
	c.Refreshed.merge(&o.Refreshed)
	c.Away.merge(&o.Away)
	c.Late += o.Late
}
