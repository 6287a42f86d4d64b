package html

import (
	"cmp"
	"html/template"
	"slices"
	"strings"

	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

type tail struct {
	Facts  []factRow
	Sums   []sum
	More   string // files that are not in the table
	Script template.HTML
}

type factRow struct {
	Label string
	Words []word
}

type sum struct{ Name, Bytes, Sum string }

// tail makes the last part: what the report was made from.
func (p *page) tail() *tail {
	t := &tail{More: p.moreCaptures(), Script: element("script", script())}
	add := func(label string, w []word) {
		if len(w) > 0 {
			t.Facts = append(t.Facts, factRow{label, w})
		}
	}
	s := &p.plan.Stats
	add("program", plain("imscope "+p.made.Version))
	if len(p.made.Options) > 0 {
		add("options", plain(strings.Join(p.made.Options, " ")))
	}
	add("times", plain("UTC, by the clocks of the captures; frames as Wireshark counts them"+merged(len(p.plan.Captures))))
	add("packets", plain(render.Count(s.Packets, "packet")+", "+render.Number(s.Signalling)+" with signalling"))
	if k := kinds(s.Other); k != "" {
		add("without signalling", plain(k))
	}
	odd := func(label string, m map[string]uint64) {
		if k := kinds(m); k != "" {
			add(label, say(style.Warn, k))
		} else {
			add(label, plain("nothing"))
		}
	}
	odd("not decoded", s.Undecodable)
	for i := range s.Sealed {
		if i == maxSealed {
			add("encrypted", say(style.Faint, render.Count(len(s.Sealed)-i, "more security association")))
			break
		}
		add("encrypted", cutAll(words.Sealed(&s.Sealed[i])))
	}
	if k := kinds(s.TLS); k != "" {
		add("TLS connections", plain(k))
	}
	odd("problems on the wire", s.Problems)
	odd("forgotten at limits", s.Dropped)
	var shown string
	switch {
	case p.made.NoTexts != "":
		shown = "none: " + p.made.NoTexts
	case p.msgs != nil:
		shown = count(p.msgs.Len(), "message") + " with their text"
		if p.plan.Cut() || p.msgs.Left > 0 {
			shown += "; further ones are left out, there are too many"
		}
		shown += ". Cipher and integrity keys are left out."
	}
	if shown != "" {
		add("messages", plain(shown))
	}
	for _, skipped := range p.made.Skipped {
		add("not read", say(style.Warn, skipped))
	}
	if p.made.NoSums != "" {
		add("checksums", plain("none: "+p.made.NoSums))
		return t
	}
	for i := range p.plan.Captures {
		f := &p.plan.Captures[i]
		if i >= maxCaptures {
			break
		}
		v := p.made.Sums[f.Path]
		if v == "" {
			v = "not known: no regular file"
		}
		t.Sums = append(t.Sums, sum{Name: cut(words.CaptureName(f.Path)), Bytes: render.Number(f.Bytes), Sum: v})
	}
	return t
}

func merged(files int) string {
	if files > 1 {
		return ", across the files as mergecap would write them"
	}
	return ""
}

// kinds words counts by kind, the most frequent first.
func kinds(m map[string]uint64) string {
	var keys []string
	for k, n := range m {
		if n > 0 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(m[b], m[a]), cmp.Compare(a, b)) })
	var b strings.Builder
	for i, k := range keys {
		if i == maxKinds {
			b.WriteString(" and " + render.Number(len(keys)-i) + " more kinds")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(cut(k) + " " + render.Number(m[k]))
	}
	return b.String()
}
