package correlate

// roll is a list of users by when they were heard last, the longest silent first.
type roll struct {
	first, last *user
	n           int
}

// append puts a user at the end, away from where the user was.
func (r *roll) append(u *user) {
	if r.last == u {
		return
	}
	if u.on != nil {
		u.on.remove(u)
	}
	u.on = r
	if u.prev = r.last; u.prev != nil {
		u.prev.next = u
	} else {
		r.first = u
	}
	r.last = u
	r.n++
}

// remove takes a user out.
func (r *roll) remove(u *user) {
	if u.prev != nil {
		u.prev.next = u.next
	} else {
		r.first = u.next
	}
	if u.next != nil {
		u.next.prev = u.prev
	} else {
		r.last = u.prev
	}
	u.on, u.prev, u.next = nil, nil, nil
	r.n--
}

// each gives all users to fn, which may take them out.
func (r *roll) each(fn func(*user)) {
	for u := r.first; u != nil; {
		next := u.next
		fn(u)
		u = next
	}
}
