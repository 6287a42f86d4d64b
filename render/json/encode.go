package json

import (
	"slices"
	"strconv"

	"imscope/correlate/story"
)

// encoder appends JSON to a buffer.
//
// A method that writes a member takes its key as it stands in the output, with the comma of the member
// before: e.text(`,"from":`, h.From). The method says which kind of value it is and what null stands for.
// A function for a type of object writes its members, each in a line; who calls it writes the braces.
//
// Commas that are not known beforehand, as between elements, follow what they separate; end takes the last
// one away again.
type encoder struct {
	b     []byte
	keys  []string // scratch for sorting
	steps []step   // and of a user's lines
	// detail adds each user's registrations round by round and what each party believed.
	detail bool
	clock  clock
}

// raw appends what is JSON already.
func (e *encoder) raw(s string) { e.b = append(e.b, s...) }

// end closes an object or array whose last member or element, if there is any, left a comma.
func (e *encoder) end(bracket byte) {
	if last := len(e.b) - 1; e.b[last] == ',' {
		e.b[last] = bracket
		return
	}
	e.b = append(e.b, bracket)
}

// line begins a new line, for an element or a member of what is looked at line by line; after a comma, unless
// it is the first one.
func (e *encoder) line() {
	if n := len(e.b); n > 0 {
		switch e.b[n-1] {
		case '{', '[', ',':
		default:
			e.raw(",")
		}
	}
	e.raw("\n")
}

func (e *encoder) null(key string) { e.b = append(append(e.b, key...), "null"...) }

func (e *encoder) bool(key string, v bool) { e.b = strconv.AppendBool(append(e.b, key...), v) }

func (e *encoder) uint(key string, v uint64) { e.b = appendUint(append(e.b, key...), v) }

func (e *encoder) int(key string, v int64) { e.b = appendInt(append(e.b, key...), v) }

func (e *encoder) string(key, s string) { e.b = AppendString(append(e.b, key...), s) }

// text writes a string, null if it is empty.
func (e *encoder) text(key, s string) {
	if s == "" {
		e.null(key)
		return
	}
	e.string(key, s)
}

// number writes an int64, null if it is negative: that is how the model marks what a message lacks.
func (e *encoder) number(key string, v int64) {
	if v < 0 {
		e.null(key)
		return
	}
	e.uint(key, uint64(v))
}

// frame writes a frame number, null if there is none.
func (e *encoder) frame(key string, f uint32) {
	if f == 0 {
		e.null(key)
		return
	}
	e.uint(key, uint64(f))
}

// status writes a SIP status code, null if there is none.
func (e *encoder) status(key string, code int) {
	if code == 0 {
		e.null(key)
		return
	}
	e.int(key, int64(code))
}

// time writes a moment, null if it is unknown.
func (e *encoder) time(key string, ns int64) {
	if ns == 0 {
		e.null(key)
		return
	}
	e.b = e.clock.append(append(e.b, key...), ns)
}

// millis writes a duration in milliseconds with as many decimals as it needs.
func (e *encoder) millis(key string, ns int64) { e.b = appendMillis(append(e.b, key...), ns) }

// span writes a duration in milliseconds, null for none.
func (e *encoder) span(key string, ns int64) {
	if ns == 0 {
		e.null(key)
		return
	}
	e.millis(key, ns)
}

// initiator writes who de-registered, null if nobody did.
func (e *encoder) initiator(key string, d *story.Deregistration) {
	if d == nil {
		e.null(key)
		return
	}
	e.text(key, d.Initiator)
}

func (e *encoder) strings(key string, list []string) {
	b := append(append(e.b, key...), '[')
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = AppendString(b, s)
	}
	e.b = append(b, ']')
}

func (e *encoder) frames(key string, list []uint32) {
	b := append(append(e.b, key...), '[')
	for i, f := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendUint(b, uint64(f))
	}
	e.b = append(b, ']')
}

// list writes an array of objects; members writes the members of one.
func list[T any](e *encoder, key string, elements []T, members func(*encoder, *T)) {
	e.raw(key)
	e.raw("[")
	for i := range elements {
		e.raw("{")
		members(e, &elements[i])
		e.raw("},")
	}
	e.end(']')
}

// pointers is list for elements that are pointers.
func pointers[T any](e *encoder, key string, elements []*T, members func(*encoder, *T)) {
	e.raw(key)
	e.raw("[")
	for _, element := range elements {
		e.raw("{")
		members(e, element)
		e.raw("},")
	}
	e.end(']')
}

// counts writes an object of numbers in the order of their names.
func (e *encoder) counts(key string, m map[string]uint64) {
	e.keys = e.keys[:0]
	for k := range m {
		e.keys = append(e.keys, k)
	}
	slices.Sort(e.keys)
	e.raw(key)
	e.raw("{")
	for _, k := range e.keys {
		e.string("", k)
		e.uint(":", m[k])
		e.raw(",")
	}
	e.end('}')
}

// statuses writes an object of numbers by status code, in numerical order.
func (e *encoder) statuses(key string, m map[int]uint64) {
	codes := make([]int, 0, len(m))
	for c := range m {
		codes = append(codes, c)
	}
	slices.Sort(codes)
	e.raw(key)
	e.raw("{")
	for _, c := range codes {
		e.int(`"`, int64(c))
		e.uint(`":`, m[c])
		e.raw(",")
	}
	e.end('}')
}
