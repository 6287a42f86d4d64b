package correlate

import (
	"hash/maphash"
	"net/netip"
	"slices"
	"sort"

	"imscope/correlate/fact"
	"imscope/decode"
	"imscope/decode/diameter"
)

// maxRx bounds the requests on Rx that are remembered: one for each registration of a minute, where a million phones
// register once an hour. Of more, those that succeeded go first, then the older half.
const maxRx = 1 << 14

// rx are the requests of P-CSCFs for resources of phones, in the order in which they were captured. They are nobody's: a rule asks for those of a
// phone's address when its registration was refused.
type rx struct {
	seed maphash.Seed
	list []request
	at   map[uint64]int // by key
}

type request struct {
	fact.Rx
	key uint64
}

func newRx() rx { return rx{seed: maphash.MakeSeed(), at: map[uint64]int{}} }

// take takes an AAR or its answer. Later hops of either add nothing.
func (x *rx) take(rec *decode.Record) {
	m := rec.Diameter
	if m.Command != diameter.CmdAAR {
		return
	}
	var v diameter.Rx
	v.Parse(m)
	key := maphash.Bytes(x.seed, v.SessionID) ^ uint64(m.EndToEnd)*0x9e3779b97f4a7c15
	i, known := x.at[key]
	switch {
	case m.Request && !known && v.Framed.IsValid():
		if len(x.list) >= maxRx {
			x.forget()
		}
		x.at[key] = len(x.list)
		x.list = append(x.list, request{fact.Rx{Phone: v.Framed, Time: rec.Time, Frame: rec.Frame, Result: fact.Absent, Experimental: fact.Absent}, key})
	case !m.Request && known && x.list[i].Answered == 0:
		r := &x.list[i]
		r.Answered, r.Result, r.Experimental = rec.Frame, v.ResultCode, v.ExperimentalResult
	}
}

// forget makes room.
func (x *rx) forget() {
	x.list = slices.DeleteFunc(x.list, func(r request) bool { return r.Succeeded() })
	if len(x.list) > maxRx/2 {
		x.list = slices.Delete(x.list, 0, len(x.list)-maxRx/2)
	}
	clear(x.at)
	for i := range x.list {
		x.at[x.list[i].key] = i
	}
}

// failed gives the last request for a phone's address between two moments, both included, that did not succeed; nil if
// there is none.
func (x *rx) failed(phone string, from, to int64) *fact.Rx {
	behind := sort.Search(len(x.list), func(i int) bool { return x.list[i].Time > to })
	if behind == 0 {
		return nil
	}
	addr, err := netip.ParseAddr(phone)
	if err != nil {
		return nil
	}
	for i := behind - 1; i >= 0 && x.list[i].Time >= from; i-- {
		if r := &x.list[i]; r.Phone.Contains(addr) && !r.Succeeded() {
			return &r.Rx
		}
	}
	return nil
}
