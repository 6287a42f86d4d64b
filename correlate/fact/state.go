package fact

// State is what later transmissions of an exchange need to know of the earlier ones. There is one for each open
// exchange, hence the bits.
type State struct {
	links uint32 // a bit for each link that a message came on, see First
	met   uint16 // a bit for the statuses of the responses, several to each
	last  uint16 // status of the newest response
	had   had
	hops  uint8 // of the request, up to MaxHops
}

// had says what earlier transmissions had.
type had uint16

const (
	hadRequest had = 1 << iota
	hadPath
	hadVisited
	hadRoute
	hadICID
	hadIntegrity // the P-CSCF's word on it
	hadAtSource  // which the phone itself wrote
	hadOffer     // a challenge with Security-Server
	hadKeys      // a challenge that brought keys to the phone
)

// Asked reports whether the request was seen.
func (s *State) Asked() bool { return s.had&hadRequest != 0 }

// Offered reports whether a challenge had Security-Server.
func (s *State) Offered() bool { return s.had&hadOffer != 0 }

// Hops is how many hops of the request were seen, up to MaxHops.
func (s *State) Hops() int { return int(s.hops) }

// First takes note of a hop of a message, which is the request or a response with a status, and tells whether it is the
// first hop of that message, and the first on that link. Unless it is sure of both, the earlier hops have to be asked;
// mostly they need not be (2026-11-29: 4 % of an analysis less).
func (s *State) First(request bool, status int, h *Hop) (message, sure bool) {
	const spread = 0x9e3779b1 // 2^32 over the golden ratio
	m := uint32(status+1) * spread
	if request {
		m = 0
	}
	message = request && !s.Asked() || !request && s.met&(1<<(m>>28)) == 0
	sure = request || message || s.last == uint16(status)
	if !request {
		s.met |= 1 << (m >> 28)
		s.last = uint16(status)
	}
	l := uint32(1) << (((uint32(h.Src)*spread^uint32(h.Dst))*spread ^ h.Branch ^ m) * spread >> 27)
	link := message || s.links&l == 0
	s.links |= l
	return message, sure && link
}

// lacks reports whether something was not there yet.
func (s *State) lacks(what had) bool { return s.had&what == 0 }

// Room reports whether a further hop of the request is kept.
func (s *State) Room() bool { return s.hops < MaxHops }

// added takes note of what a hop of a request adds and reports whether that is news.
func (s *State) added(h had, vias uint8) bool {
	news := h & (hadPath | hadVisited | hadRoute | hadICID) &^ s.had
	if h&hadIntegrity != 0 && s.heeds(vias) {
		news |= hadIntegrity
		s.had |= h & hadAtSource
	}
	s.had |= h & (hadPath | hadVisited | hadRoute | hadICID | hadIntegrity)
	return news != 0
}

// heeds reports whether a hop's word on integrity protection counts, see added.apply.
func (s *State) heeds(vias uint8) bool {
	return s.lacks(hadIntegrity) || !s.lacks(hadAtSource) || vias <= 1
}

// challenged takes note of what a hop of a challenge says and reports whether that is news.
func (s *State) challenged(h had) bool {
	news := h &^ s.had
	s.had |= h
	return news != 0
}
