package csv

import (
	"io"
	"strconv"
	"sync"

	"imscope/correlate"
	"imscope/render"
	"imscope/render/tables"
)

// Separators of lists within a cell. Frames are read by machines and eyes; identities may hold any of
// space, comma and semicolon.
const (
	betweenInts  = ' '
	betweenTexts = " | "
)

// Renderer writes one table of a report.
type Renderer struct{ table *tables.Table }

// New makes a Renderer.
func New(t *tables.Table) *Renderer { return &Renderer{t} }

// Render writes the table.
func (r *Renderer) Render(w io.Writer, rep *correlate.Report) error {
	out := NewWriter(w)
	for _, c := range r.table.Columns {
		out.Text(c.Name)
	}
	out.End()
	free := sync.Pool{New: func() any { return new(Writer) }}
	for some := range tables.Gather(r.table, rep, func() *Writer { return free.Get().(*Writer) }, func(to *Writer, row []tables.Value) {
		for i := range row {
			to.value(r.table.Columns[i].Kind, &row[i])
		}
		to.End()
	}) {
		if out.take(some); out.err != nil {
			break
		}
		free.Put(some)
	}
	return out.Flush()
}

// value writes a cell of a table.
func (w *Writer) value(k tables.Kind, v *tables.Value) {
	switch {
	case v.Absent:
		w.Empty()
	case k == tables.Int:
		w.Int(v.N)
	case k == tables.Bool:
		w.Bool(v.Bool)
	case k == tables.Time:
		w.Time(v.N)
	case k == tables.Millis:
		w.Millis(v.N)
	case k == tables.Ints:
		w.ints(v.Ints)
	case k == tables.Texts:
		w.texts(v.Texts)
	default:
		w.Text(v.Text)
	}
}

// ints writes a list of numbers. One number alone is a number to a spreadsheet as well.
func (w *Writer) ints(list []uint32) {
	w.comma()
	start := len(w.b)
	for i, n := range list {
		if i > 0 {
			w.b = append(w.b, betweenInts)
		}
		if len(w.b)-start > maxCell {
			w.b = append(w.b, cut...)
			return
		}
		w.b = strconv.AppendUint(w.b, uint64(n), 10)
	}
}

// texts writes a list of texts.
func (w *Writer) texts(list []string) {
	if len(list) == 1 {
		w.Text(list[0])
		return
	}
	var b []byte
	for i, s := range list {
		if len(b) > maxCell {
			break
		}
		if i > 0 {
			b = append(b, betweenTexts...)
		}
		b = append(b, s...)
	}
	w.Text(string(b))
}

var _ render.Renderer = (*Renderer)(nil)
