package markdown

import (
	"regexp"
	"strings"
	"sync"

	"imscope/render"
)

// maxText bounds one piece of text in bytes; what is longer is no name that anybody reads.
const maxText = 1000

// cut bounds a piece of text and makes visible what does not print. The result is one line.
func cut(s string) string {
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "") + "…"
	}
	return render.Escape(s)
}

// apart are the signs that would end a code span or a cell of a table; they are told as Escape tells others.
var apart = strings.NewReplacer("`", `\x60`, "|", `\x7c`)

// code makes a code span, "" of nothing. It stands for itself in paragraphs and tables.
func code(s string) string {
	s = apart.Replace(cut(s))
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

var (
	// harmless is a word or number that no reader of Markdown takes for more: letters and digits, joined by
	// hyphens, apostrophes and slashes; numbers with commas or points; times of day; or a sign of ours.
	harmless = lazy(`^(?:[\p{L}\p{N}×]+(?:[-'’/][\p{L}\p{N}]+)*|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:\.[0-9A-Za-z]+)+|[+±]?[0-9]+\.[0-9]+|[0-9]{2}(?::[0-9]{2}){2}(?:\.[0-9]+)?|[→⇄–—…·])$`)
	// reference is what a forge may link all the same: commits by their hashes, within a word too, issues of other trackers.
	reference = lazy(`(?:^|[-'’/.])[0-9a-fA-F]{7,}(?:[-'’/.]|$)|^[A-Za-z][A-Za-z0-9]*-[0-9]+$`)
	// item is what begins a list where it begins a line.
	item = lazy(`^[0-9]+[.)]`)
)

// lazy compiles an expression when it is first needed: most runs of the program write no Markdown.
func lazy(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// Signs that may stand around a word.
const (
	before = `("«`
	behind = `)"».,;:?`
)

// text makes a sentence, of ours with pieces of the wire or all of the wire, fit for paragraphs and tables:
// words stay as they are, everything else stands in code spans.
func text(s string) string {
	var b strings.Builder
	for i, word := range strings.Fields(cut(s)) {
		if i > 0 {
			b.WriteByte(' ')
		}
		rest := strings.TrimLeft(word, before)
		core := strings.TrimRight(rest, behind)
		if strings.ContainsRune(core, '(') {
			core = rest
		}
		open, shut := word[:len(word)-len(rest)], rest[len(core):]
		switch {
		case core == "":
			b.WriteString(code(word))
		case !harmless().MatchString(core) || reference().MatchString(core) || i == 0 && item().MatchString(rest):
			b.WriteString(open + code(core) + shut)
		default:
			b.WriteString(word)
		}
	}
	return b.String()
}

var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;", "`", "&#96;")

// summary makes text fit for the line that folds a part: Markdown does not count there, and in a code element
// mentions and references do not either.
func summary(s string) string {
	if s == "" {
		return ""
	}
	return "<code>" + markup.Replace(cut(s)) + "</code>"
}

// folded makes the line of a folded part out of what text and code have made.
func folded(s string) string {
	if s == "" {
		return "Details"
	}
	var b strings.Builder
	for i, part := range strings.Split(s, "`") {
		if i%2 == 1 {
			b.WriteString("<code>" + markup.Replace(part) + "</code>")
			continue
		}
		b.WriteString(markup.Replace(part))
	}
	return b.String()
}

// block makes a line of a code block: nothing in it ends the block.
func block(s string) string { return strings.ReplaceAll(cut(s), "`", `\x60`) }
