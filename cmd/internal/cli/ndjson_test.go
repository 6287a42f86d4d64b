package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// sections takes the help apart: the text below each type.
func sections() map[string]string {
	out := map[string]string{}
	name := ""
	head := regexp.MustCompile(`^([a-z]+): `)
	for line := range strings.Lines(ndjsonHelp) {
		if m := head.FindStringSubmatch(line); m != nil {
			name = m[1]
		}
		out[name] += line
	}
	return out
}

// keys lists the keys of a value at any depth.
func keys(v any, add func(string)) {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			add(k)
			keys(e, add)
		}
	case []any:
		for _, e := range v {
			keys(e, add)
		}
	}
}

// TestNDJSONHelp: the help names every key that the output has, and none that it has not.
func TestNDJSONHelp(t *testing.T) {
	doc := sections()
	word := regexp.MustCompile(`[a-z_]+`)
	named := map[string]map[string]bool{}
	for name, text := range doc {
		named[name] = map[string]bool{"type": true, "user": true}
		for _, w := range word.FindAllString(text, -1) {
			named[name][w] = true
		}
	}
	seen := map[string]map[string]bool{}
	paths, err := filepath.Glob(filepath.Join("..", "..", "..", "samples", "*.pcapng"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no samples", err)
	}
	for _, path := range append(paths, filepath.Join("..", "..", "..", "samples", "real", "real-network-rtr.pcap")) {
		var out bytes.Buffer
		s := &Streams{In: strings.NewReader(""), Out: &out, Err: io.Discard, Width: func() int { return 0 }, Getenv: func(string) string { return "" }}
		if code := Main([]string{"analyze", "--format", "ndjson", path}, s); code != exitDone {
			t.Fatalf("%s: exit code %d", path, code)
		}
		for line := range bytes.Lines(out.Bytes()) {
			var v map[string]any
			if err := json.Unmarshal(line, &v); err != nil {
				t.Fatal(err)
			}
			name := v["type"].(string)
			if seen[name] == nil {
				seen[name] = map[string]bool{}
			}
			keys(v, func(k string) { seen[name][k] = true })
		}
	}
	for name, list := range seen {
		if doc[name] == "" {
			t.Errorf("no word of the type %q", name)
		}
		for k := range list {
			if name != "stats" && !named[name][k] {
				t.Errorf("%s has %q, which the help does not name", name, k)
			}
		}
	}
	// The first column holds keys, unless it goes on from the line before.
	first := regexp.MustCompile(`(?m)^  ([a-z_]+(?:, [a-z_]+)*)`)
	for name, text := range doc {
		for _, m := range first.FindAllStringSubmatch(text, -1) {
			for _, k := range strings.Split(m[1], ", ") {
				if k != "update" && !seen[name][k] {
					t.Errorf("the help tells of %q of %s, which the output does not have", k, name)
				}
			}
		}
	}
}
