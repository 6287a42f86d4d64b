// Package formats knows every output format by its name.
package formats

import (
	"fmt"
	"strings"

	"imscope/render"
	"imscope/render/csv"
	"imscope/render/json"
	"imscope/render/ladder"
	"imscope/render/parquet"
	"imscope/render/tables"
	"imscope/render/text"
)

// The formats.
const (
	Text    = "text"
	JSON    = "json"
	NDJSON  = "ndjson"
	CSV     = "csv"
	Parquet = "parquet"
)

// ViewLadder is the view of text that draws each flow of messages.
const ViewLadder = "ladder"

// Names lists the formats for help and completion, the default one first.
func Names() []string { return []string{Text, JSON, NDJSON, CSV, Parquet} }

// New gives the renderer of a format.
func New(name string, opt render.Options) (render.Renderer, error) {
	switch name {
	case Text:
		if opt.View == ViewLadder {
			return ladder.New(opt), nil
		}
		return text.New(opt), nil
	case JSON:
		return json.New(opt), nil
	case NDJSON:
		return json.NewLines(opt), nil
	case CSV, Parquet:
		t := tables.All()[0]
		if opt.Table != "" {
			t = tables.Find(opt.Table)
		}
		if t == nil {
			return nil, fmt.Errorf("unknown table %q (%s)", opt.Table, strings.Join(tables.Names(), ", "))
		}
		if name == CSV {
			return csv.New(t), nil
		}
		return parquet.New(t, opt), nil
	}
	return nil, fmt.Errorf("unknown format %q (%s)", name, strings.Join(Names(), ", "))
}
