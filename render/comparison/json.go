package comparison

import (
	"encoding/json"
	"io"

	"imscope/correlate/compare"
	"imscope/correlate/finding"
	"imscope/correlate/story"
	"imscope/render"
	jsontext "imscope/render/json"
)

// Schema names the contract that the JSON keeps.
const Schema = "imscope-compare/1"

// text is a string as package json writes it: whatever does not print is escaped.
type text string

// MarshalJSON implements json.Marshaler.
func (t text) MarshalJSON() ([]byte, error) { return jsontext.AppendString(nil, string(t)), nil }

// orNull is a text that is null where it is empty.
func orNull(s string) *text {
	if s == "" {
		return nil
	}
	t := text(s)
	return &t
}

type object struct {
	Schema string `json:"schema"`
	Tool   struct {
		Name    string `json:"name"`
		Version text   `json:"version"`
	} `json:"tool"`
	Left     sideObject     `json:"left"`
	Right    sideObject     `json:"right"`
	Equal    bool           `json:"equal"`
	Counts   map[string]int `json:"counts"`
	Steps    []rowObject    `json:"steps"`
	Findings struct {
		Left  []findingObject `json:"left"`
		Right []findingObject `json:"right"`
	} `json:"findings"`
}

type sideObject struct {
	Captures   []text  `json:"captures"`
	User       text    `json:"user"`
	Steps      int     `json:"steps"`
	Cut        int     `json:"steps_left_out"`
	DurationMS float64 `json:"duration_ms"`
}

type rowObject struct {
	Kind        compare.Kind       `json:"kind"`
	Name        text               `json:"name"`
	Unseen      bool               `json:"unseen"`
	Left        *stepObject        `json:"left"`
	Right       *stepObject        `json:"right"`
	Differences []differenceObject `json:"differences"`
	LeftTookMS  *float64           `json:"left_took_ms"`
	RightTookMS *float64           `json:"right_took_ms"`
	Slower      bool               `json:"slower"`
}

type stepObject struct {
	Frame    *uint32  `json:"frame"`
	Frames   []uint32 `json:"frames"`
	Time     string   `json:"time"`
	OffsetMS float64  `json:"offset_ms"`
	From     *text    `json:"from"`
	To       *text    `json:"to"`
	Method   *text    `json:"method"`
	Status   *int     `json:"status"`
	Summary  text     `json:"summary"`
}

type differenceObject struct {
	What  text  `json:"what"`
	Left  *text `json:"left"`
	Right *text `json:"right"`
}

type findingObject struct {
	Rule     string   `json:"rule"`
	Severity string   `json:"severity"`
	Title    text     `json:"title"`
	Frames   []uint32 `json:"frames"`
}

// JSON writes a comparison as one object.
func JSON(w io.Writer, c *Comparison) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(objectOf(c))
}

// objectOf gives a comparison as what is written of it.
func objectOf(c *Comparison) *object {
	o := new(object)
	o.Schema, o.Tool.Name, o.Tool.Version = Schema, "imscope", text(c.Version)
	o.Left, o.Right = sideOf(c.LeftSide, c.Left), sideOf(c.RightSide, c.Right)
	o.Equal = c.Equal()
	o.Counts = map[string]int{"same": c.Count(compare.Same), "changed": c.Count(compare.Changed), "left": c.Count(compare.Left), "right": c.Count(compare.Right), "unseen": c.Unseen()}
	o.Steps = make([]rowObject, 0, len(c.Rows))
	for i := range c.Rows {
		o.Steps = append(o.Steps, rowOf(c, &c.Rows[i]))
	}
	o.Findings.Left, o.Findings.Right = findingsOf(c.LeftFindings), findingsOf(c.RightFindings)
	return o
}

func millis(ns int64) float64 { return float64(ns) / 1e6 }

func sideOf(s Side, f *compare.Flow) sideObject {
	o := sideObject{User: text(f.User.ID), Steps: len(f.Steps), Cut: f.Cut, DurationMS: millis(span(f)), Captures: []text{}}
	for _, c := range s.Captures {
		o.Captures = append(o.Captures, text(c))
	}
	return o
}

func rowOf(c *Comparison, w *compare.Row) rowObject {
	o := rowObject{Kind: w.Kind, Name: text(name(w)), Unseen: w.Unseen, Slower: w.Slower, Differences: []differenceObject{},
		Left: stepOf(c.Left, w.Left), Right: stepOf(c.Right, w.Right)}
	for _, d := range w.Differences {
		o.Differences = append(o.Differences, differenceObject{text(d.What), orNull(d.Left), orNull(d.Right)})
	}
	if w.HasTook {
		l, r := millis(w.LeftTook), millis(w.RightTook)
		o.LeftTookMS, o.RightTookMS = &l, &r
	}
	return o
}

func stepOf(f *compare.Flow, e *story.Event) *stepObject {
	if e == nil {
		return nil
	}
	o := &stepObject{Frames: append([]uint32{}, e.Frames...), Time: render.UTC(e.Time).Format("2006-01-02T15:04:05.000000000Z"), OffsetMS: millis(offset(f, e)),
		From: orNull(e.From), To: orNull(e.To), Method: orNull(e.Method), Summary: text(e.Summary)}
	if e.Frame != 0 {
		o.Frame = &e.Frame
	}
	if e.Status != 0 {
		o.Status = &e.Status
	}
	return o
}

func findingsOf(list []finding.Finding) []findingObject {
	out := []findingObject{}
	for _, f := range list {
		out = append(out, findingObject{f.Rule, f.Severity.String(), text(f.Title), append([]uint32{}, f.Frames...)})
	}
	return out
}
