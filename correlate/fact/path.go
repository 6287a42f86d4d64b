package fact

import "imscope/decode/network"

// paths interns the names of encapsulations. Those of a mobile core have a tunnel endpoint for each bearer and an SPI for
// each registration, so that there is no end to them.
type paths struct {
	ids    map[network.Path]uint32
	names  []string
	free   []uint32
	beyond uint64 // hops whose path found no room
}

const (
	// maxPaths bounds the encapsulations that are told apart, at some 180 bytes each: those of 100,000 phones that
	// register twice. Later ones are told from plain packets, and ESP from what is not, but have no numbers any more.
	maxPaths = 1 << 18

	noPath       = 0 // a plain packet
	otherPath    = 1
	otherESPPath = 2 // named as an SPI that nobody has
)

func newPaths() paths {
	return paths{ids: map[network.Path]uint32{}, names: []string{noPath: "", otherPath: "other", otherESPPath: "other / esp spi 0x0"}}
}

func (p *paths) id(path network.Path) uint32 {
	if path == (network.Path{}) {
		return noPath
	}
	if id, ok := p.ids[path]; ok {
		return id
	}
	if len(p.free) == 0 && len(p.names) >= maxPaths {
		p.beyond++
		if path.Has(network.HopESP) || path.Has(network.HopUDPESP) {
			return otherESPPath
		}
		return otherPath
	}
	id := take(&p.names, &p.free)
	p.names[id] = path.String()
	p.ids[path] = id
	return id
}

// Path names an encapsulation.
func (e *Extractor) Path(id uint32) string { return e.paths.names[id] }

// Paths returns the number of encapsulations, and how many hops came in one for which there was no room.
func (e *Extractor) Paths() (n int, beyond uint64) { return len(e.paths.names), e.paths.beyond }

// FreePaths gives up the encapsulations that no fact names any more; used is indexed by Hop.Path.
func (e *Extractor) FreePaths(used []bool) {
	p := &e.paths
	for path, id := range p.ids {
		if !used[id] {
			delete(p.ids, path)
			p.names[id] = ""
			p.free = append(p.free, id)
		}
	}
}
