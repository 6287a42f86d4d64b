package parquet

import (
	"io"
	"path/filepath"
	"strings"
	"sync"

	"github.com/parquet-go/parquet-go"

	"imscope/correlate"
	"imscope/render"
	"imscope/render/tables"
)

const (
	// groupRows is how many rows are gathered in memory before they are written: a row has about a kilobyte.
	groupRows = 100_000
	// dictionaryBytes is how large the dictionary of a column may grow before its values are written plainly:
	// words, identities and nodes repeat themselves, sentences do not.
	dictionaryBytes = 1 << 20
)

// Renderer writes one table of a report.
type Renderer struct {
	table *tables.Table
	opt   render.Options
}

// New makes a Renderer.
func New(t *tables.Table, opt render.Options) *Renderer { return &Renderer{t, opt} }

// Render writes the table.
func (r *Renderer) Render(w io.Writer, rep *correlate.Report) error {
	out := parquet.NewGenericWriter[any](w, Schema(r.table),
		parquet.CreatedBy("imscope", r.opt.Version, ""),
		parquet.KeyValueMetadata("imscope.table", r.table.Name),
		parquet.KeyValueMetadata("imscope.captures", captures(rep)),
		parquet.Compression(&parquet.Zstd),
		parquet.MaxRowsPerRowGroup(groupRows),
		parquet.DictionaryMaxBytes(dictionaryBytes),
	)
	// Rows are made on all cores, some users' at a time, and written in order.
	free := sync.Pool{New: func() any { return new(rows) }}
	for some := range tables.Gather(r.table, rep, func() *rows { return free.Get().(*rows) }, func(to *rows, cells []tables.Value) {
		to.add(r.table.Columns, cells)
	}) {
		if _, err := out.WriteRows(some.list); err != nil {
			return err
		}
		some.list = some.list[:0]
		free.Put(some)
	}
	return out.Close()
}

// captures names the files that the report is of, a line each, without the folders, so that the same capture
// gives the same bytes wherever it is.
func captures(rep *correlate.Report) string {
	var b strings.Builder
	for i := range rep.Captures {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(utf8(filepath.Base(rep.Captures[i].Path)))
	}
	return b.String()
}

// rows are those of some users. Their memory is used again.
type rows struct{ list []parquet.Row }

// add takes a row.
func (r *rows) add(columns []tables.Column, cells []tables.Value) {
	if len(r.list) == cap(r.list) {
		r.list = append(r.list, nil)
	} else {
		r.list = r.list[:len(r.list)+1]
	}
	last := &r.list[len(r.list)-1]
	*last = (*last)[:0]
	for i := range cells {
		*last = appendCell(*last, columns[i].Kind, &cells[i], i)
	}
}

// appendCell appends the values of a cell with their levels: a list has one for each element, or a null
// that says that it is empty.
func appendCell(row parquet.Row, k tables.Kind, v *tables.Value, column int) parquet.Row {
	put := func(value parquet.Value, repetition, definition int) {
		row = append(row, value.Level(repetition, definition, column))
	}
	switch k {
	case tables.Bool:
		put(parquet.BooleanValue(v.Bool), 0, 0)
		return row
	case tables.Ints:
		for i, n := range v.Ints {
			put(parquet.Int64Value(int64(n)), min(i, 1), 1)
		}
		if len(v.Ints) == 0 {
			put(parquet.NullValue(), 0, 0)
		}
		return row
	case tables.Texts:
		for i, s := range v.Texts {
			put(parquet.ByteArrayValue([]byte(utf8(s))), min(i, 1), 1)
		}
		if len(v.Texts) == 0 {
			put(parquet.NullValue(), 0, 0)
		}
		return row
	}
	switch {
	case v.Absent:
		put(parquet.NullValue(), 0, 0)
	case k == tables.Millis:
		put(parquet.DoubleValue(float64(v.N)/1e6), 0, 1)
	case k == tables.Int, k == tables.Time:
		put(parquet.Int64Value(v.N), 0, 1)
	default:
		put(parquet.ByteArrayValue([]byte(utf8(v.Text))), 0, 1)
	}
	return row
}

// utf8 makes text what STRING must be.
func utf8(s string) string { return strings.ToValidUTF8(s, "\ufffd") }
