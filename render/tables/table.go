package tables

import (
	"iter"
	"slices"

	"imscope/correlate"
	"imscope/correlate/finding"
	"imscope/correlate/story"
)

// Kind is the type of a column.
type Kind uint8

// The kinds.
const (
	Text   Kind = iota // absent if empty
	Int                // may be absent
	Bool               // never absent
	Time               // ns since the Unix epoch, UTC; absent if 0
	Millis             // a duration: ns, told in milliseconds; may be absent
	Ints               // a list of whole numbers
	Texts              // a list of texts
)

// String words the kind for people.
func (k Kind) String() string {
	switch k {
	case Int:
		return "number"
	case Bool:
		return "true or false"
	case Time:
		return "time"
	case Millis:
		return "milliseconds"
	case Ints:
		return "list of numbers"
	case Texts:
		return "list"
	}
	return "text"
}

// Column is what one cell of each row holds.
type Column struct {
	Name string
	Kind Kind
	Doc  string
}

// Value is a cell. Which field counts is for the column's kind to say. Texts are those of the wire,
// unescaped, and may be no UTF-8.
type Value struct {
	Absent bool
	Bool   bool
	N      int64 // Int, Time, Millis
	Text   string
	Ints   []uint32
	Texts  []string
}

// Table is one way to lay a report out.
type Table struct {
	Name    string
	Doc     string // what a row is
	Columns []Column

	of func(u *story.User, f []*finding.Finding) []Value // the rows of a user, one behind the other
}

// All lists the tables, the default one first.
func All() []*Table {
	return []*Table{events, registrations, deregistrations, documents, findings, users}
}

// Names lists the names of the tables.
func Names() []string {
	var names []string
	for _, t := range All() {
		names = append(names, t.Name)
	}
	return names
}

// Find gives the table of a name, nil if there is none.
func Find(name string) *Table {
	for _, t := range All() {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// Gather makes something of the rows of a report, on all cores: begin makes one for some rows in a row, add adds a row to
// it, and what was gathered is yielded in order of the rows. A row lasts as long as the call of add: of its values only
// texts may be kept.
func Gather[T any](t *Table, rep *correlate.Report, begin func() T, add func(to T, row []Value)) iter.Seq[T] {
	byUser := map[string][]*finding.Finding{}
	for i := range rep.Findings {
		f := &rep.Findings[i]
		byUser[f.User] = append(byUser[f.User], f)
	}
	each := func(to T, cells []Value) {
		for row := range slices.Chunk(cells, len(t.Columns)) {
			add(to, row)
		}
	}
	return func(yield func(T) bool) {
		for to := range correlate.Gather(rep, begin, func(to T, _ int, u *story.User) { each(to, t.of(u, byUser[u.ID])) }) {
			if !yield(to) {
				return
			}
		}
	}
}

// column declares a column of rows of a T: what it holds, and how it gets it.
type column[T any] struct {
	name string
	kind Kind
	doc  string
	get  func(row T) Value
}

// define makes a table of rows of a T. list gives those of a user.
func define[T any](name, doc string, list func(u *story.User, f []*finding.Finding) []T, columns ...column[T]) *Table {
	t := &Table{Name: name, Doc: doc}
	for _, c := range columns {
		t.Columns = append(t.Columns, Column{c.name, c.kind, c.doc})
	}
	t.of = func(u *story.User, f []*finding.Finding) []Value { return cells(list(u, f), columns) }
	return t
}

// cells fills in the rows.
func cells[T any](rows []T, columns []column[T]) []Value {
	out := make([]Value, 0, len(rows)*len(columns))
	for _, r := range rows {
		for i := range columns {
			out = append(out, columns[i].get(r))
		}
	}
	return out
}

func text(s string) Value                         { return Value{Text: s, Absent: s == ""} }
func number[N ~int | ~int64 | ~uint32](n N) Value { return Value{N: int64(n)} }
func truth(b bool) Value                          { return Value{Bool: b} }
func moment(ns int64) Value                       { return Value{N: ns, Absent: ns == 0} }
func span(ns int64) Value                         { return Value{N: ns} }
func ints(list []uint32) Value                    { return Value{Ints: list} }
func texts(list []string) Value                   { return Value{Texts: list} }

// some is a number of which zero means that there is none: a frame, a status.
func some[N ~int | ~int64 | ~uint32](n N) Value { return Value{N: int64(n), Absent: n == 0} }

// known is a number that is negative where the message does not say.
func known(n int64) Value { return Value{N: n, Absent: n < 0} }

// between is the time from one moment to another, absent where either is unknown.
func between(from, to int64) Value { return Value{N: to - from, Absent: from == 0 || to == 0} }
