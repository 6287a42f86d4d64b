package rules

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"imscope/correlate/fact"
	"imscope/correlate/finding"
)

// How long a request waits for its final response: 64*T1, with T1 of 500 ms in the core and of 2 s on Gm
// (TS 24.229 7.7).
const (
	timerFCore = 32 * finding.Second
	timerFGm   = 128 * finding.Second
)

// fromPhone returns the hop on which a request left the user's device; ok is false where the capture
// does not show it or another node made the request.
func fromPhone(c *finding.Case, x *fact.Exchange) (h fact.Hop, ok bool) {
	if !x.Request.Seen() {
		return h, false
	}
	h = x.Request.Hops[0]
	return h, h.Vias <= 1 && c.Role(h.Src) == fact.RoleUE
}

// atPhone returns the hop on which a response reached the device that had asked.
func atPhone(c *finding.Case, x *fact.Exchange, m *fact.Message) (h fact.Hop, ok bool) {
	if !x.Request.Seen() || m == nil {
		return h, false
	}
	phone := c.Addr(x.Request.Hops[0].Src)
	for _, h := range m.Hops {
		if h.Vias <= 1 && c.Addr(h.Dst) == phone {
			return h, true
		}
	}
	return h, false
}

// onMw reports whether the capture shows a request behind the first proxy.
func onMw(m *fact.Message) bool {
	for _, h := range m.Hops {
		if h.Vias >= 2 {
			return true
		}
	}
	return false
}

// spi returns the SPI of the ESP that carried a hop.
func spi(c *finding.Case, h fact.Hop) (n uint32, ok bool) {
	_, rest, ok := strings.Cut(c.Path(h.Path), "esp spi 0x")
	if !ok {
		return 0, false
	}
	rest, _, _ = strings.Cut(rest, " ")
	v, err := strconv.ParseUint(rest, 16, 32)
	return uint32(v), err == nil
}

func inESP(c *finding.Case, h fact.Hop) bool {
	_, ok := spi(c, h)
	return ok
}

// since returns the exchanges that began behind a frame.
func since(list []*fact.Exchange, frame uint32) []*fact.Exchange {
	return list[sort.Search(len(list), func(i int) bool { return list[i].FirstFrame() > frame }):]
}

// lost names the reason why a missing message may be the capture's fault; "" for none.
func lost(c *finding.Case) string {
	if c.View.Damaged {
		return "the capture lost packets"
	}
	return ""
}

// endsBefore names the reason why something that takes this long may come after the capture's end.
func endsBefore(c *finding.Case, since, takes int64) string {
	if rest := c.End - since; rest < takes {
		return fmt.Sprintf("the capture ends %s later", seconds(rest))
	}
	return lost(c)
}

// unrepeated says why a missing answer may be the capture's fault: over UDP whoever waits for one sends
// the request again, after T1 of 0.5 s, or 2 s on Gm.
func unrepeated(c *finding.Case, m *fact.Message) string {
	if last := m.Last(); last.Pieces > 0 && m.Repeats() == 0 && c.End-last.Time > 5*finding.Second/2 {
		return "nobody repeats the request, so the capture may have lost the answer"
	}
	return ""
}

// seconds spells a duration.
func seconds(ns int64) string {
	if ns < 10*finding.Second {
		return strconv.FormatFloat(float64(ns)/1e9, 'f', 1, 64) + " s"
	}
	return strconv.FormatInt(ns/finding.Second, 10) + " s"
}

// statusLine spells a response.
func statusLine(m *fact.Message) string {
	return strings.TrimSpace(strconv.Itoa(m.Status) + " " + m.Reason)
}

// removal reports whether a REGISTER does nothing but remove bindings.
func removal(r *fact.Register) bool { return r.Removes() && !r.Binds() }

// byProxy reports whether the P-CSCF made the REGISTER itself.
func byProxy(c *finding.Case, x *fact.Exchange) bool {
	h := x.Request.Hops[0]
	return h.Vias <= 1 && c.Role(h.Src) == fact.RolePCSCF
}

// behind returns the frame of a REGISTER's first hop behind the P-CSCF.
func behind(r *finding.Round) uint32 {
	for _, h := range r.Request.Hops {
		if h.Vias >= 2 {
			return h.Frame
		}
	}
	return r.Frame()
}
