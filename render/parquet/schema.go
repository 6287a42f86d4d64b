package parquet

import (
	"github.com/parquet-go/parquet-go"

	"imscope/render/tables"
)

// Schema gives the schema of a table.
func Schema(t *tables.Table) *parquet.Schema {
	g := group{Group: parquet.Group{}}
	for _, c := range t.Columns {
		g.Group[c.Name] = node(c.Kind)
	}
	byName := map[string]parquet.Field{}
	for _, f := range g.Group.Fields() {
		byName[f.Name()] = f
	}
	for _, c := range t.Columns {
		g.fields = append(g.fields, byName[c.Name])
	}
	return parquet.NewSchema(t.Name, g)
}

// group is a group with its fields in the order of the table; parquet.Group sorts them by name.
type group struct {
	parquet.Group
	fields []parquet.Field
}

// Fields gives the columns in order.
func (g group) Fields() []parquet.Field { return g.fields }

// node is the type of a column.
func node(k tables.Kind) parquet.Node {
	switch k {
	case tables.Bool:
		return parquet.Leaf(parquet.BooleanType)
	case tables.Int:
		return parquet.Optional(parquet.Int(64))
	case tables.Time:
		return parquet.Optional(parquet.Timestamp(parquet.Nanosecond))
	case tables.Millis:
		return parquet.Optional(parquet.Leaf(parquet.DoubleType))
	case tables.Ints:
		return parquet.List(parquet.Int(64))
	case tables.Texts:
		return parquet.List(words())
	}
	return parquet.Optional(words())
}

func words() parquet.Node { return parquet.Encoded(parquet.String(), &parquet.RLEDictionary) }
