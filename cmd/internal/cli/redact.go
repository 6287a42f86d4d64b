package cli

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"imscope/cmd/internal/filter"
	"imscope/cmd/internal/who"
	"imscope/correlate"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/decode/pseudonym"
	"imscope/decode/redact"
)

// redaction holds the flags that replace what tells who somebody is.
type redaction struct {
	redact  bool
	key     string
	plmn    string
	hosts   string
	mapFile string

	run *redacting // nil without --redact
}

// redacting is shared by all passes of a command.
type redacting struct {
	r        *redact.Redactor
	learnt   map[string]bool   // inputs whose names are known
	original *decode.Record    // of the record that is being handed out
	choosing bool              // users will be chosen by their names
	report   *correlate.Report // of the captures as they are; nil unless choosing
}

// keyVariable is the environment variable that holds a key, which then stands in no list of processes.
const keyVariable = "IMSCOPE_REDACT_KEY"

const (
	keep = "keep"
	hide = "hide"
)

func (r *redaction) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&r.redact, "redact", false, "replace identities, numbers, addresses, hosts and secrets by others of the same form")
	f.StringVar(&r.key, "redact-key", "", "the same `KEY` gives the same replacements again; @FILE reads it from a file (default: $"+keyVariable+", else another one each time)")
	enumVar(cmd, &r.plmn, "redact-plmn", "country and network code of IMSIs, cells and host names", keep, hide)
	enumVar(cmd, &r.hosts, "redact-hosts", "host names", hide, keep)
}

// begin looks at the flags once, before anything is read.
func (r *redaction) begin(cmd *cobra.Command, s *Streams, quiet bool) error {
	if !r.redact {
		for _, name := range []string{"redact-key", "redact-plmn", "redact-hosts", "redact-map"} {
			if cmd.Flags().Changed(name) {
				return usage(cmd, fmt.Errorf("--%s is for --redact", name))
			}
		}
		return nil
	}
	key, err := r.secret(s)
	switch {
	case err != nil:
		return err
	case len(key) == 0 && (r.key != "" || cmd.Flags().Changed("redact-key")):
		return usage(cmd, errors.New("--redact-key is empty"))
	case len(key) == 0:
		key = make([]byte, 32)
		rand.Read(key) // it never fails
		if !quiet {
			say(s.Err, "names are replaced with a key of this run alone; with --redact-key they are the same again")
		}
	}
	r.run = &redacting{learnt: map[string]bool{}, r: redact.New(pseudonym.New(key, pseudonym.Options{HidePLMN: r.plmn == hide, KeepHosts: r.hosts == keep, Map: r.mapFile != ""}))}
	return nil
}

// choosing says that users will be chosen by their names.
func (r *redaction) choosing(yes bool) {
	if r.run != nil {
		r.run.choosing = yes
	}
}

// queries reads the values of --user for messages redacted as they come, when nothing can be learnt before: users go by
// their pseudonyms there.
func (r *redaction) queries(typed []string) ([]who.Query, error) {
	queries, err := parseQueries(typed)
	if err != nil || r.run == nil {
		return queries, err
	}
	for i, q := range queries {
		queries[i] = who.Parse(r.run.r.Identity(q.Typed))
		queries[i].Typed = q.Typed // as the person knows it
	}
	return queries, nil
}

// maxKey is how long a key in a file may be.
const maxKey = 64 << 10

// secret gives the key, empty if there is none.
func (r *redaction) secret(s *Streams) ([]byte, error) {
	value := r.key
	if value == "" && s.Getenv != nil {
		value = s.Getenv(keyVariable)
	}
	path, isFile := strings.CutPrefix(value, "@")
	if !isFile {
		return []byte(value), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	key, err := io.ReadAll(io.LimitReader(f, maxKey))
	return []byte(strings.TrimRight(string(key), "\r\n")), err
}

// readRedacted is read with --redact: a first pass learns the names, the second hands out redacted messages.
func (in *input) readRedacted(ctx context.Context, s *Streams, paths []string, opt decode.Options, fn func(*decode.Record) error) (*reading, error) {
	run := in.run
	opt.Digest = nil // what comes out is to be read, not what goes in
	if all := strings.Join(paths, "\x00"); !run.learnt[all] {
		if err := in.learn(ctx, s, paths, opt); err != nil {
			return nil, err
		}
		run.learnt[all] = true
	}
	once, err := in.spool(ctx, s, paths)
	if err != nil {
		return nil, err
	}
	r, err := in.pass(ctx, once, paths, opt, func(rec *decode.Record) error {
		run.original = rec
		return fn(run.r.Record(rec))
	})
	if err != nil {
		return nil, err
	}
	in.harmless(r)
	if in.mapFile != "" {
		if err := writeMap(in.mapFile, run.r.Book); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// learn lets the redactor see all names first.
func (in *input) learn(ctx context.Context, s *Streams, paths []string, opt decode.Options) error {
	var engine *correlate.Engine
	if in.run.choosing {
		engine = correlate.NewEngine(correlate.Options{KeepDuplicates: in.copies})
	}
	once, err := in.spool(ctx, s, paths)
	if err != nil {
		return err
	}
	r, err := in.pass(ctx, once, paths, opt, func(rec *decode.Record) error {
		in.run.r.Learn(rec)
		if engine != nil {
			engine.Observe(rec)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if engine != nil {
		in.run.report = engine.Close(r.files, r.stats)
	}
	return nil
}

// harmless redacts what is said of the captures themselves. The files keep their names for opening them.
func (in *input) harmless(r *reading) {
	r.paths = make([]string, len(r.files))
	for i := range r.files {
		r.paths[i] = r.files[i].Path
	}
	in.run.harmless(r.files, r.stats)
	for i := range r.first {
		r.first[i].Path = "file " + strconv.Itoa(i+1)
	}
}

// harmless redacts what is said of captures: their names, those of interfaces, the ends of encrypted packets. People name
// files after a customer or a place of which no message speaks, so that files are counted instead.
func (run *redacting) harmless(files []capture.FileInfo, stats *decode.Stats) {
	for i := range files {
		f := &files[i]
		path := f.Path
		if path != "-" {
			f.Path = "capture " + strconv.Itoa(i+1)
		}
		if f.Err != nil {
			f.Err = &harmlessError{f.Err, run.r.String(strings.ReplaceAll(f.Err.Error(), path, f.Path))}
		}
		for k := range f.Interfaces {
			f.Interfaces[k].Name, f.Interfaces[k].Description = run.r.Label(f.Interfaces[k].Name), ""
		}
	}
	if stats != nil {
		for i := range stats.Encrypted {
			stats.Encrypted[i].Dst = run.r.Book.Addr(stats.Encrypted[i].Dst)
		}
	}
}

// harmlessError is an error in redacted words.
type harmlessError struct {
	err  error
	text string
}

func (e *harmlessError) Error() string { return e.text }

func (e *harmlessError) Unwrap() error { return e.err }

// shown gives a word that a person typed as it may stand in a redacted report.
func (in *input) shown(word string) string {
	if in.run == nil {
		return word
	}
	if out := in.run.r.String(word); out != word {
		return out
	}
	return "…"
}

// titled gives a text of a person's own as it may stand in a redacted report.
func (in *input) titled(text string) string {
	if in.run == nil {
		return text
	}
	return in.run.r.String(text)
}

// choose gives the report of the users that were asked for. With --redact they are found by their own names.
func (in *input) choose(rep *correlate.Report, queries []who.Query, only *filter.Filter) selection {
	names := rep
	if in.run != nil && in.run.report != nil && in.run.report.Len() == rep.Len() {
		names = in.run.report
	}
	return choose(rep, names, queries, only)
}

// choose gives the report of the users that were asked for, by what names says of them.
func choose(rep, names *correlate.Report, queries []who.Query, only *filter.Filter) selection {
	if len(queries) == 0 && only == nil {
		return selection{Report: rep}
	}
	users, sel := everybody(names), selection{}
	if len(queries) > 0 {
		users, sel = matchUsers(names, queries)
	}
	if only != nil {
		users = passing(names, users, only)
	}
	sel.Report = pick(rep, users)
	return sel
}

// entries is the file of --redact-map.
type entries struct {
	Schema  string            `json:"schema"`
	Dropped uint64            `json:"dropped"`
	Entries []pseudonym.Entry `json:"entries"`
}

// writeMap writes what was replaced by what. Nobody but its owner may read it.
func writeMap(path string, book *pseudonym.Book) error {
	list, dropped := book.Entries()
	err := replaceFile(path, 0o600, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", " ")
		return enc.Encode(entries{"imscope-redaction/1", dropped, list})
	})
	if err != nil {
		return fmt.Errorf("cannot write the map: %w", err)
	}
	return nil
}
