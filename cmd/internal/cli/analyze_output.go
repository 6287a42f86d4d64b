package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"imscope/correlate"
	"imscope/render"
	"imscope/render/formats"
	"imscope/render/tables"
)

// Values of --table and --view that are no table's or drawing's name.
const (
	allTables = "all"
	viewStory = "story"
)

// result holds the flags that say what analyze writes, and where.
type result struct {
	format string
	view   string
	table  string
	output string
}

func (o *result) flags(cmd *cobra.Command) {
	enumVar(cmd, &o.format, "format", "output format", formats.Names()...)
	enumVar(cmd, &o.view, "view", "what text shows: the story, or each flow as a ladder of messages", viewStory, formats.ViewLadder)
	enumVar(cmd, &o.table, "table", "which `TABLE` csv and parquet write: "+strings.Join(tables.Names(), ", ")+" (see 'imscope help tables'), or all, which needs -o DIR", append(tables.Names(), allTables)...)
	cmd.Flags().StringVarP(&o.output, "output", "o", "", "write to `FILE`; its ending (.txt, .json, .ndjson, .csv, .parquet) says the format")
}

// check finds the format where only the file's name tells it, and refuses what makes no sense together.
func (o *result) check(cmd *cobra.Command, s *Streams, inputs []string) error {
	given := cmd.Flags().Changed
	if o.output == "-" {
		o.output = ""
	}
	if o.output != "" && !given("format") && o.table != allTables {
		end := strings.ToLower(filepath.Ext(o.output))
		switch name := strings.TrimPrefix(end, "."); {
		case slices.Contains(formats.Names(), name):
			o.format = name
		case slices.Contains(endings(), end):
			return fmt.Errorf("%s is written by 'imscope report'", end)
		case name != "txt":
			return fmt.Errorf("%q does not say a format: give --format, or a name that ends in .txt, .json, .ndjson, .csv or .parquet", o.output)
		}
	}
	rows := o.format == formats.CSV || o.format == formats.Parquet
	switch {
	case o.view != viewStory && o.format != formats.Text:
		return errors.New("--view is for text")
	case given("table") && !rows:
		return errors.New("--table is for --format csv and parquet")
	case o.table == allTables && o.output == "":
		return errors.New("--table all needs -o DIR")
	case o.format == formats.Parquet && o.output == "" && s.OutTerminal:
		return errors.New("parquet is not for a terminal: give -o FILE")
	}
	if out, err := os.Stat(o.output); err == nil && o.output != "" && !out.IsDir() {
		for _, p := range inputs {
			if in, err := os.Stat(p); err == nil && os.SameFile(in, out) {
				return fmt.Errorf("-o %s is one of the captures", o.output)
			}
		}
	}
	return nil
}

// streams gives what the look of the result depends on: a file is no terminal.
func (o *result) streams(s *Streams) *Streams {
	if o.output == "" {
		return s
	}
	out := *s
	out.OutTerminal = false
	return &out
}

// write writes the result where it belongs.
func (o *result) write(ctx context.Context, s *Streams, opt render.Options, rep *correlate.Report) error {
	if o.output == "" {
		f, err := formats.New(o.format, opt)
		if err != nil {
			return err
		}
		return renderReport(ctx, f, s, rep)
	}
	names := []string{o.table}
	if o.table == allTables {
		if err := os.Mkdir(o.output, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		names = tables.Names()
	}
	for _, name := range names {
		path := o.output
		if o.table == allTables {
			path = filepath.Join(path, name+"."+o.format)
		}
		opt.Table = name
		f, err := formats.New(o.format, opt)
		if err != nil {
			return err
		}
		err = writeOutput(s, path, func(w io.Writer) error { return f.Render(interruptible{ctx, w}, rep) })
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("cannot write the report: %w", err)
		}
	}
	return nil
}

// helpWidth is how wide the lines of the tables' help are.
const helpWidth = 100

// newTablesHelp makes the topic 'imscope help tables'.
func newTablesHelp() *cobra.Command {
	var b strings.Builder
	b.WriteString(`--format csv and --format parquet write one table, chosen by --table; --table all
-o DIR writes a file for each. Names, order and meaning of columns are stable; new
ones come at the end.

CSV is RFC 4180 in UTF-8, with a line of names first. Times are RFC 3339 in UTC,
lists of numbers are separated by spaces, other lists by " | ". Text that a
spreadsheet would take for a formula has an apostrophe before it.

Parquet has times as TIMESTAMP in nanoseconds UTC, milliseconds as DOUBLE, numbers
as INT64, lists as LIST, text as STRING; what is not known is NULL.
`)
	for _, t := range tables.All() {
		fmt.Fprintf(&b, "\n%s: %s\n", t.Name, t.Doc)
		for _, c := range t.Columns {
			line := fmt.Sprintf("  %-22s %-16s", c.Name, c.Kind)
			for _, word := range strings.Fields(c.Doc) {
				if len(line)+1+len(word) > helpWidth {
					b.WriteString(line + "\n")
					line = strings.Repeat(" ", 41)
				}
				line += " " + word
			}
			b.WriteString(line + "\n")
		}
	}
	return &cobra.Command{Use: "tables", Short: "The tables of --format csv and parquet", Long: b.String()}
}
