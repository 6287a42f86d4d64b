package correlate

// Held tells what a Live holds: facts of users, and moments at which somebody is looked at.
func (l *Live) Held() (facts, wakeups int) {
	for _, u := range l.users.all {
		facts += len(u.in.Exchanges) + len(u.in.Cx)
	}
	return facts, len(l.wake)
}

// Trim forgets what no fact names.
func (l *Live) Trim() { l.trim(0) }

// Strays gives the sources of all strays, and the names of what they came in.
func (l *Live) Strays() (out []string) {
	for _, u := range l.users.all {
		for _, x := range u.in.Strays {
			h := x.Request.First()
			out = append(out, l.facts.Nodes.Addr(h.Src).String()+" "+l.facts.Path(h.Path))
		}
	}
	return out
}
