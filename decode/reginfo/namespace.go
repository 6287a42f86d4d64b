package reginfo

import (
	"bytes"

	"imscope/decode/internal/xmlscan"
)

// namespace of RFC 3680 5.
const namespace = "urn:ietf:params:xml:ns:reginfo"

// maxBindings is how many namespace declarations are kept at a time: those of a dozen extensions on the root, and some on
// elements below it. What is declared beyond is not kept.
const maxBindings = 32

// binding is a namespace declaration: a prefix without its colon, and the namespace that it stands for in the element
// at index depth of the stack.
type binding struct {
	prefix, uri []byte
	depth       int
}

// bindings are the declarations in force (XML Namespaces 1.0 6.1), the innermost last.
type bindings struct {
	list   [maxBindings]binding
	n      int
	tag    int    // those from here on are of the current tag
	root   []byte // prefix of the root …
	uri    []byte // … and what it stands for, nil for nothing
	nested bool   // elements below the root declare namespaces too
}

// bind notes what the current tag declares, before it is known what the tag is.
func (p *parser) bind() {
	b := &p.ns
	for b.n > 0 && b.list[b.n-1].depth >= p.depth {
		b.n--
	}
	b.tag = b.n
	tag := p.s // the attributes are read once more
	if !bytes.Contains(p.raw[tag.NameEnd:tag.TextEnd], []byte("xmlns")) {
		return
	}
	var a xmlscan.Attr
	for tag.Attr(&a) {
		p.declare(&a)
	}
}

// declare notes a namespace declaration of the current tag.
func (p *parser) declare(a *xmlscan.Attr) {
	const xmlns = "xmlns"
	name := p.raw[a.NameOff:a.NameEnd]
	b := &p.ns
	if len(name) < len(xmlns) || string(name[:len(xmlns)]) != xmlns || b.n == len(b.list) {
		return
	}
	prefix := name[len(xmlns):]
	if len(prefix) > 0 {
		if prefix[0] != ':' {
			return
		}
		prefix = prefix[1:]
	}
	b.list[b.n] = binding{prefix, trim(p.raw[a.ValOff:a.ValEnd]), p.depth}
	b.n++
}

// settle says that the current tag has become the element at index depth of the stack.
func (b *bindings) settle(depth int) {
	for i := b.tag; i < b.n; i++ {
		b.list[i].depth = depth
	}
}

// lookup returns what a prefix stands for, nil for nothing.
func (b *bindings) lookup(prefix []byte) []byte {
	for i := b.n - 1; i >= 0; i-- {
		if bytes.Equal(b.list[i].prefix, prefix) {
			return b.list[i].uri
		}
	}
	return nil
}

// begin takes the declarations of the root.
func (b *bindings) begin(prefix, rest []byte) {
	b.root, b.uri = prefix, b.lookup(prefix)
	b.nested = bytes.Contains(rest, []byte("xmlns"))
}

// core reports whether an element with a prefix is one of RFC 3680: of its namespace, or of the one that the root has
// where that is wrong or missing.
func (b *bindings) core(prefix []byte) bool {
	same := bytes.Equal(prefix, b.root)
	if same && !b.nested {
		return true
	}
	uri := b.lookup(prefix)
	if uri == nil {
		return same
	}
	return string(uri) == namespace || b.uri != nil && bytes.Equal(uri, b.uri)
}
