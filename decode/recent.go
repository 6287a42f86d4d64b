package decode

// recent keeps values by a name, up to a number of them: of more, those that came first are forgotten.
type recent[V any] struct {
	values map[string]V
	ring   []string // the names, in the order in which they came from next on
	next   int
	limit  int
}

func newRecent[V any](limit int) recent[V] { return recent[V]{values: map[string]V{}, limit: limit} }

// get gives the value of a name, the zero value if it has none.
func (r *recent[V]) get(name string) V { return r.values[name] }

// put gives a name a value.
func (r *recent[V]) put(name string, v V) {
	if _, ok := r.values[name]; !ok {
		if len(r.ring) < r.limit {
			r.ring = append(r.ring, name)
		} else {
			delete(r.values, r.ring[r.next])
			r.ring[r.next] = name
			r.next = (r.next + 1) % r.limit
		}
	}
	r.values[name] = v
}
