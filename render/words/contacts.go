package words

import "imscope/correlate/story"

// Contact is a contact over one lifetime, with every identity that it was bound to.
type Contact struct {
	story.Binding
	AORs []string
}

// Contacts folds bindings, which are per identity, into one entry for each contact and lifetime: the
// identities of one registration come and go together.
func Contacts(bindings []story.Binding) []*Contact {
	var out []*Contact
	type key struct {
		contact, instance        string
		active                   bool
		registered, expires, end int64
		by                       *story.Deregistration
	}
	const second = int64(1e9)
	seen := map[key]*Contact{}
	for _, b := range bindings {
		k := key{b.ContactKey, b.Instance, b.Active, b.Registered / second, b.Expires / second, b.Ended / second, b.EndedBy}
		if b.ContactKey == "" {
			k.contact = b.Contact
		}
		if c := seen[k]; c != nil {
			c.AORs = append(c.AORs, b.AOR)
			continue
		}
		c := &Contact{b, []string{b.AOR}}
		seen[k] = c
		out = append(out, c)
	}
	return out
}

// Active counts the contacts that are bound.
func Active(list []*Contact) int {
	n := 0
	for _, c := range list {
		if c.Active {
			n++
		}
	}
	return n
}
