package gen

import (
	"errors"
	"io/fs"
	"net/netip"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	// maxIncludeDepth stops a script that includes itself.
	maxIncludeDepth = 8
	// defaultMTU is Ethernet's.
	defaultMTU = 1500
	// minMTU is the smallest IPv6 MTU (RFC 8200 5).
	minMTU = 1280
	// maxNodes is what one byte of the MAC address can number.
	maxNodes = 254
)

// Parse reads the script name of fsys with the scripts that it includes (relative to it).
// Every error is an *Error or comes from fsys.
func Parse(fsys fs.FS, name string) (*Script, error) {
	p := parser{
		fsys:   fsys,
		script: &Script{MTU: defaultMTU, links: map[[2]*Node]link{}},
		nodes:  map[string]*Node{},
		lets:   map[string]string{},
	}
	if err := p.file(name, 0); err != nil {
		return nil, err
	}
	if p.script.Title == "" {
		return nil, pos{name, 1}.errorf("no title")
	}
	if p.script.Start.IsZero() {
		return nil, pos{name, 1}.errorf("no start")
	}
	return p.script, nil
}

type parser struct {
	fsys   fs.FS
	script *Script
	nodes  map[string]*Node
	lets   map[string]string // texts by name; lines joined by \n
	isAt   bool              // an at statement waits for its step
	atTime time.Duration
}

// statement is one line at column 0 and the indented block below it.
type statement struct {
	pos   pos
	text  string
	block []line
}

func (p *parser) file(name string, depth int) error {
	data, err := fs.ReadFile(p.fsys, name)
	if err != nil {
		return err
	}
	statements, err := split(name, string(data))
	if err != nil {
		return err
	}
	for _, st := range statements {
		if err := p.statement(st, depth); err != nil {
			return err
		}
	}
	return nil
}

// split cuts a script into statements. Comments start with # at column 0 and do not end a block.
func split(name, text string) ([]statement, error) {
	var out []statement
	blank := 0 // blank lines that belong to the block if it goes on
	for i, s := range strings.Split(text, "\n") {
		at := pos{name, i + 1}
		s = strings.TrimSuffix(s, "\r")
		switch {
		case strings.HasPrefix(s, "#"):
		case strings.TrimSpace(s) == "":
			blank++
		case strings.HasPrefix(s, "  "):
			if len(out) == 0 {
				return nil, at.errorf("indented line without a statement above it")
			}
			st := &out[len(out)-1]
			if len(st.block) == 0 {
				blank = 0
			}
			for ; blank > 0; blank-- {
				st.block = append(st.block, line{pos: pos{name, i + 1 - blank}})
			}
			st.block = append(st.block, line{at, s[2:]})
		case s[0] == ' ' || s[0] == '\t':
			return nil, at.errorf("indent with two spaces")
		default:
			out = append(out, statement{pos: at, text: strings.TrimRight(s, " ")})
			blank = 0
		}
	}
	return out, nil
}

func (p *parser) statement(st statement, depth int) error {
	word, rest, _ := strings.Cut(st.text, " ")
	rest = strings.TrimSpace(rest)
	if word == "let" {
		return p.let(st, rest)
	}
	rest, err := p.expandInline(st.pos, rest)
	if err != nil {
		return err
	}
	if strings.HasPrefix(word, "+") {
		return p.hop(st, word, rest)
	}
	if word != "about" && len(st.block) > 0 {
		return st.block[0].pos.errorf("%s takes no block", word)
	}
	switch word {
	case "title":
		p.script.Title = rest
	case "about":
		text := make([]string, len(st.block))
		for i, l := range st.block {
			text[i] = l.text
		}
		p.script.About = strings.TrimSpace(rest + "\n" + strings.Join(text, "\n"))
	case "start":
		t, err := time.Parse(time.RFC3339Nano, rest)
		if err != nil {
			return st.pos.errorf("start %q is not an RFC 3339 time", rest)
		}
		p.script.Start = t.UTC()
	case "mtu":
		n, err := strconv.Atoi(rest)
		if err != nil || n < minMTU || n > 0xffff {
			return st.pos.errorf("mtu %q is not a number from %d to 65535", rest, minMTU)
		}
		p.script.MTU = n
	case "node":
		return p.node(st.pos, strings.Fields(rest))
	case "link":
		return p.link(st.pos, rest)
	case "include":
		if depth == maxIncludeDepth {
			return st.pos.errorf("includes nest deeper than %d", maxIncludeDepth)
		}
		err := p.file(path.Join(path.Dir(st.pos.file), rest), depth+1)
		var missing *fs.PathError
		if errors.As(err, &missing) {
			return st.pos.errorf("include: %v", err)
		}
		return err
	case "at":
		d, err := time.ParseDuration(rest)
		if err != nil || d < 0 {
			return st.pos.errorf("at %q is not a duration such as 42m0.5s", rest)
		}
		p.isAt, p.atTime = true, d
	default:
		return st.pos.errorf("unknown statement %q", word)
	}
	return nil
}

func (p *parser) node(at pos, f []string) error {
	if len(f) < 3 || len(f) > 4 {
		return at.errorf("want: node NAME ROLE ADDRESS [HOSTNAME]")
	}
	if p.nodes[f[0]] != nil {
		return at.errorf("node %s is declared twice", f[0])
	}
	switch Role(f[1]) {
	case RoleUE, RolePCSCF, RoleICSCF, RoleSCSCF, RoleAS, RoleHSS:
	default:
		return at.errorf("unknown role %q", f[1])
	}
	addr, err := netip.ParseAddr(f[2])
	if err != nil || !addr.Is6() {
		return at.errorf("%q is not an IPv6 address", f[2])
	}
	if len(p.script.Nodes) == maxNodes {
		return at.errorf("more than %d nodes", maxNodes)
	}
	n := &Node{Name: f[0], Role: Role(f[1]), Addr: addr, num: byte(len(p.script.Nodes) + 1)}
	if len(f) == 4 {
		n.Host = f[3]
	}
	p.nodes[n.Name] = n
	p.script.Nodes = append(p.script.Nodes, n)
	return nil
}

var linkSyntax = regexp.MustCompile(`^(\S+) -> (\S+) (udp|tcp|sctp) (\d+) (\d+)$`)

func (p *parser) link(at pos, text string) error {
	m := linkSyntax.FindStringSubmatch(strings.Join(strings.Fields(text), " "))
	if m == nil {
		return at.errorf("want: link FROM -> TO udp|tcp|sctp SRCPORT DSTPORT")
	}
	from, to := p.nodes[m[1]], p.nodes[m[2]]
	if from == nil || to == nil {
		return at.errorf("link between undeclared nodes %s and %s", m[1], m[2])
	}
	src, err1 := strconv.ParseUint(m[4], 10, 16)
	dst, err2 := strconv.ParseUint(m[5], 10, 16)
	if err1 != nil || err2 != nil {
		return at.errorf("port out of range")
	}
	l := link{transport(m[3]), uint16(src), uint16(dst)}
	p.script.links[[2]*Node{from, to}] = l
	if l.transport != udp { // one connection carries both directions
		p.script.links[[2]*Node{to, from}] = link{l.transport, l.dst, l.src}
	}
	return nil
}

var (
	hopSyntax      = regexp.MustCompile(`^([^\s:]+)(?::(\d+))? -> ([^\s:]+)(?::(\d+))?(?: (.+))?$`)
	statusSyntax   = regexp.MustCompile(`^[1-6]\d\d \S`)
	diameterSyntax = regexp.MustCompile(`^[A-Z]{2}[RA]$`)
)

func (p *parser) hop(st statement, delay, text string) error {
	m := hopSyntax.FindStringSubmatch(strings.Join(strings.Fields(text), " "))
	if m == nil {
		return st.pos.errorf("want: +DELAY FROM[:PORT] -> TO[:PORT] [forward | STATUS REASON | DIAMETER-COMMAND | raw | connect]")
	}
	d, err := time.ParseDuration(delay[1:])
	if err != nil || d < 0 {
		return st.pos.errorf("%q is not a delay such as +1.5ms", delay)
	}
	s := step{pos: st.pos, delay: d, from: p.nodes[m[1]], to: p.nodes[m[3]], arg: m[5]}
	for i, n := range []*Node{s.from, s.to} {
		if n == nil {
			return st.pos.errorf("node %s is not declared", m[1+2*i])
		}
	}
	if p.isAt {
		s.at, s.delay, p.isAt = true, p.atTime+d, false
	}
	for i, port := range []*uint16{&s.srcPort, &s.dstPort} {
		if text := m[2+2*i]; text != "" {
			n, err := strconv.ParseUint(text, 10, 16)
			if err != nil {
				return st.pos.errorf("port %s out of range", text)
			}
			*port = uint16(n)
		}
	}
	switch {
	case s.arg == "":
		s.verb = verbNew
	case s.arg == "forward":
		s.verb = verbForward
	case s.arg == "raw":
		s.verb = verbRaw
	case s.arg == "connect":
		s.verb = verbConnect
	case statusSyntax.MatchString(s.arg):
		s.verb = verbRespond
	case diameterSyntax.MatchString(s.arg):
		s.verb = verbDiameter
	default:
		return st.pos.errorf("%q is neither forward, raw, connect, a status nor a Diameter command", s.arg)
	}
	if s.block, err = p.expandBlock(st.block); err != nil {
		return err
	}
	if len(s.block) == 0 && (s.verb == verbNew || s.verb == verbRaw) {
		return st.pos.errorf("no message below")
	}
	if len(s.block) > 0 && s.verb == verbConnect {
		return s.block[0].pos.errorf("connect takes no block")
	}
	p.script.steps = append(p.script.steps, s)
	return nil
}
