package fact

import (
	"imscope/correlate/identity"
	"imscope/decode/network"
)

// maxInterned bounds each table of the interner. Beyond it strings are copied instead of shared: more
// memory for a hostile capture, the same result.
const maxInterned = 1 << 20

// interner shares the strings that signalling repeats all the time.
type interner struct {
	strings map[string]string
	uris    map[string]URI
}

func newInterner() interner {
	return interner{map[string]string{}, map[string]URI{}}
}

func (in *interner) str(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if s, ok := in.strings[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(in.strings) < maxInterned {
		in.strings[s] = s
	}
	return s
}

// uri gives a public identity. Most of a capture names the same ones again and again.
func (in *interner) uri(b []byte) URI {
	if len(b) == 0 {
		return URI{}
	}
	if u, ok := in.uris[string(b)]; ok {
		return u
	}
	s := in.str(b)
	u := URI{Raw: identity.Display(s), Key: identity.Canonical(s)}
	if u.Key == u.Raw {
		u.Key = u.Raw // share the bytes
	}
	if len(in.uris) < maxInterned {
		in.uris[s] = u
	}
	return u
}

// Trim begins the shared tables anew where they hold more than limit strings. What facts refer to
// stays with them.
func (e *Extractor) Trim(limit int) {
	if len(e.in.strings) > limit {
		e.in = newInterner()
	}
}

// Release gives up the tables that only further records need. Roles, addresses and paths stay.
func (e *Extractor) Release() {
	e.in = interner{}
	e.Nodes.release()
}

// paths interns the names of encapsulations.
type paths struct {
	ids   map[network.Path]uint32
	names []string
}

func newPaths() paths { return paths{map[network.Path]uint32{}, make([]string, 1)} }

func (p *paths) id(path network.Path) uint32 {
	if path == (network.Path{}) {
		return 0
	}
	if id, ok := p.ids[path]; ok {
		return id
	}
	if len(p.names) >= maxInterned {
		return 0
	}
	id := uint32(len(p.names))
	p.names = append(p.names, path.String())
	p.ids[path] = id
	return id
}
