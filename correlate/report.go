package correlate

import (
	"iter"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/decode"
	"imscope/decode/capture"
)

// Report is all that an analysis knows in the end. Render packages turn it into bytes.
type Report struct {
	Captures []capture.FileInfo
	Stats    Stats
	Findings []finding.Finding
	Decode   *decode.Stats // what became of every packet; nil where no packets were decoded

	tell  func(i int, d *desk) (*story.User, *story.Input)
	count int
	court *court // until the users are judged; nil where nobody judges
}

// NewReport makes a report of count users, told one at a time by tell, so that a report of many
// users never holds all of their stories at once.
func NewReport(count int, tell func(i int) *story.User) *Report {
	return &Report{count: count, tell: func(i int, _ *desk) (*story.User, *story.Input) { return tell(i), nil }}
}

// desk is where users are told, one after the other: what was told lasts until the next one is. A story that is told
// on none lasts.
type desk struct {
	room   fact.Room
	teller story.Teller
}

// Len returns the number of users.
func (r *Report) Len() int { return r.count }

// Select makes a report of some of the users, by their position, without the findings.
func (r *Report) Select(users []int) *Report {
	out := *r
	out.Findings, out.court = nil, nil
	out.count = len(users)
	out.tell = func(i int, d *desk) (*story.User, *story.Input) { return r.tell(users[i], d) }
	return &out
}

// Users yields the users in order of their first frame. A user's story is made anew on each pass.
func (r *Report) Users() iter.Seq[*story.User] {
	return func(yield func(*story.User) bool) {
		for i := range r.count {
			if u, _ := r.tell(i, nil); !yield(u) {
				return
			}
		}
	}
}

// Stats counts what the analysis saw.
type Stats struct {
	Packets          uint64
	Signalling       uint64            // packets that carry (a piece of) a message
	Other            map[string]uint64 // readable, not signalling, by class
	Undecodable      map[string]uint64 // by reason
	SIPMessages      uint64            // transmissions, as Wireshark counts: every hop and retransmission
	UniqueMessages   uint64            // transmissions, those captured twice counted once
	Duplicates       uint64            // transmissions captured more than once, SIP and Diameter
	Messages         uint64            // SIP messages end to end: hops merged
	SIPRequests      map[string]uint64 // by method
	SIPResponses     map[int]uint64    // by status
	ReginfoDocuments uint64
	DiameterMessages uint64
	Retransmissions  uint64
	Problems         map[string]uint64 // by code
	Users            int
	Deregistrations  Deregistrations
	Dropped          map[string]uint64 // what a cap made the analysis forget, by cap
	Damage           map[string]uint64 // what is missing between packets: holes in connections and the like
	TLS              map[string]uint64 // TLS connections by what became of them: "opened", or the reason why not
	Sealed           []Sealed          // encrypted security associations, those with most packets first
}

// Deregistrations counts the successful de-registrations by initiator, and the attempts that failed.
type Deregistrations struct{ User, Network, Expiry, Unknown, Failed int }
