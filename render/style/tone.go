package style

// Colour is a colour on light and on dark paper, as CSS writes it. Every colour of text stands out from its
// paper by at least 4.5:1 (WCAG 2.1 1.4.3), which a test checks.
type Colour struct{ Light, Dark string }

// Tone is what a colour of a page or drawing is for.
type Tone uint8

// The tones.
const (
	Paper    Tone = iota // behind everything
	Surface              // behind what stands apart: tables' heads, messages
	Ink                  // text
	Dim                  // text that is there for completeness
	Rule                 // thin lines
	Lifeline             // of a node in a ladder
	Link                 // what can be followed
	SIP                  // a SIP request
	Cx                   // a Diameter message
	Success              // as it should be
	Failure              // failed, ended, removed
	Doubt                // warnings, challenges
	Network              // done by the network
	Marked               // behind what is pointed out
	Picked               // behind what the reader picked
	Bound                // area of a party that believes the user registered
	Unbound              // area of a party that believes the user gone
	tones
)

var palette = [tones]struct {
	name string
	Colour
}{
	Paper:    {"paper", Colour{"#ffffff", "#0f1318"}},
	Surface:  {"surface", Colour{"#f4f6f8", "#181e26"}},
	Ink:      {"ink", Colour{"#1a1f26", "#e4e9ef"}},
	Dim:      {"dim", Colour{"#566170", "#9aa5b1"}},
	Rule:     {"rule", Colour{"#d5dbe1", "#313a45"}},
	Lifeline: {"lifeline", Colour{"#aab4bf", "#4a5562"}},
	Link:     {"link", Colour{"#0a4fa3", "#7ab8ff"}},
	SIP:      {"sip", Colour{"#0a4fa3", "#7ab8ff"}},
	Cx:       {"cx", Colour{"#7a2e9e", "#d3a0f5"}},
	Success:  {"success", Colour{"#12682f", "#57c778"}},
	Failure:  {"failure", Colour{"#b01423", "#ff8b83"}},
	Doubt:    {"doubt", Colour{"#7d4e00", "#e0ad3d"}},
	Network:  {"network", Colour{"#6a2c91", "#d3a0f5"}},
	Marked:   {"marked", Colour{"#fff2c2", "#3d3311"}},
	Picked:   {"picked", Colour{"#dcebff", "#1c3350"}},
	Bound:    {"bound", Colour{"#aedcbb", "#1d4a2c"}},
	Unbound:  {"unbound", Colour{"#fcefef", "#2a1618"}},
}

// Tones lists all tones.
func Tones() []Tone {
	out := make([]Tone, tones)
	for i := range out {
		out[i] = Tone(i)
	}
	return out
}

// String names the tone as style sheets do.
func (t Tone) String() string {
	if t < tones {
		return palette[t].name
	}
	return "ink"
}

// Colour gives the tone's colour.
func (t Tone) Colour() Colour {
	if t < tones {
		return palette[t].Colour
	}
	return palette[Ink].Colour
}

// Class is the name by which style sheets of pages know the role, "" for Plain.
func (r Role) Class() string {
	if int(r) < len(classes) {
		return classes[r]
	}
	return ""
}

var classes = [...]string{
	Heading: "strong", Identity: "identity", Faint: "dim", Frame: "frame", Label: "dim", Node: "node", Added: "added", Removed: "removed",
	Changed: "changed", Unchanged: "dim", Good: "good", Bad: "bad", Warn: "warn", Note: "note", ByUser: "byuser", ByNetwork: "bynetwork",
	ByExpiry: "byexpiry",
}
