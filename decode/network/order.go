package network

// order is a doubly linked list of small indices, so that state kept in slices has an age without a heap object
// per element. Index -1 is nothing.
type order struct {
	links       []link
	first, last int32
}

type link struct {
	prev, next int32
	in         bool
}

func newOrder() order { return order{first: -1, last: -1} }

// push makes i the youngest. It moves i if it is in the list already.
func (o *order) push(i int32) {
	if o.last == i {
		return
	}
	o.remove(i)
	for int(i) >= len(o.links) {
		o.links = append(o.links, link{})
	}
	o.links[i] = link{prev: o.last, next: -1, in: true}
	if o.last >= 0 {
		o.links[o.last].next = i
	} else {
		o.first = i
	}
	o.last = i
}

// remove takes i out, if it is in.
func (o *order) remove(i int32) {
	if int(i) >= len(o.links) || !o.links[i].in {
		return
	}
	l := o.links[i]
	if l.prev >= 0 {
		o.links[l.prev].next = l.next
	} else {
		o.first = l.next
	}
	if l.next >= 0 {
		o.links[l.next].prev = l.prev
	} else {
		o.last = l.prev
	}
	o.links[i] = link{}
}
