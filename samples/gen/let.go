package gen

import (
	"regexp"
	"strings"
)

var (
	letSyntax = regexp.MustCompile(`^([a-z][a-z0-9-]*)(?:\s*= ?(.*))?$`)
	useSyntax = regexp.MustCompile(`\{[a-z][a-z0-9-]*\}`)
)

// let remembers a text: "let NAME = TEXT", or "let NAME" above a block.
func (p *parser) let(st statement, rest string) error {
	m := letSyntax.FindStringSubmatch(rest)
	if m == nil {
		return st.pos.errorf("want: let NAME = TEXT, or let NAME above a block")
	}
	if inline := strings.Contains(rest, "="); inline == (len(st.block) > 0) {
		return st.pos.errorf("let %s needs either = TEXT or a block", m[1])
	}
	text, err := p.expandInline(st.pos, m[2])
	if err != nil {
		return err
	}
	block, err := p.expandBlock(st.block)
	if err != nil {
		return err
	}
	for i, l := range block {
		if i > 0 {
			text += "\n"
		}
		text += l.text
	}
	p.lets[m[1]] = text
	return nil
}

// expandInline replaces every {name} in text, which stays one line.
func (p *parser) expandInline(at pos, text string) (string, error) {
	var err error
	out := useSyntax.ReplaceAllStringFunc(text, func(use string) string {
		value, ok := p.lets[use[1:len(use)-1]]
		switch {
		case !ok:
			err = at.errorf("%s is not defined by let", use)
		case strings.Contains(value, "\n"):
			err = at.errorf("%s has several lines and must stand alone on its line", use)
		}
		return value
	})
	return out, err
}

// expandBlock replaces {name} in every line; a line that is nothing else may become several,
// which get the line's own indentation.
func (p *parser) expandBlock(block []line) ([]line, error) {
	var out []line
	for _, l := range block {
		use := strings.TrimSpace(l.text)
		if useSyntax.FindString(use) == use && use != "" {
			value, ok := p.lets[use[1:len(use)-1]]
			if !ok {
				return nil, l.pos.errorf("%s is not defined by let", use)
			}
			indent := l.text[:strings.Index(l.text, use)]
			for _, s := range strings.Split(value, "\n") {
				out = append(out, line{l.pos, indent + s})
			}
			continue
		}
		text, err := p.expandInline(l.pos, l.text)
		if err != nil {
			return nil, err
		}
		out = append(out, line{l.pos, text})
	}
	return out, nil
}
