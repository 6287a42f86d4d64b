package fact

import "imscope/decode/network"

// maxPaths bounds the encapsulations that are told apart: a capture has some, a hostile one may have any number.
const maxPaths = 1 << 20

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
	if len(p.names) >= maxPaths {
		return 0
	}
	id := uint32(len(p.names))
	p.names = append(p.names, path.String())
	p.ids[path] = id
	return id
}
