package sip

// Event is an Event value (RFC 6665 8.2.1). The slices borrow the value it was parsed from.
type Event struct {
	Package []byte // with its templates: "reg", "presence.winfo"
	ID      []byte // nil if absent
	Params  []byte
}

// ParseEvent reads an Event value. ok is false when it does not begin with a token.
func ParseEvent(v []byte) (Event, bool) {
	head, params := cutParams(trim(v))
	e := Event{Package: trimRight(head), Params: params}
	e.ID, _ = Param(params, "id")
	return e, allToken(e.Package)
}

// SubscriptionState is a Subscription-State value (RFC 6665 4.1.3). The slices borrow the value it was
// parsed from.
type SubscriptionState struct {
	State      []byte // "active", "pending", "terminated" or another token, as spelled
	Reason     []byte // nil if absent
	Expires    int64  // seconds, -1 if absent or no number; without meaning for terminated
	RetryAfter int64  // seconds, -1 if absent or no number
	Params     []byte
}

// ParseSubscriptionState reads a Subscription-State value. ok is false when it does not begin with a
// token.
func ParseSubscriptionState(v []byte) (SubscriptionState, bool) {
	head, params := cutParams(trim(v))
	s := SubscriptionState{State: trimRight(head), Expires: -1, RetryAfter: -1, Params: params}
	for {
		name, value, rest, form := cutParam(params)
		if form == noParam {
			break
		}
		params = rest
		switch {
		case s.Reason == nil && equalFold(name, "reason"):
			s.Reason = value
		case s.Expires < 0 && equalFold(name, "expires"):
			s.Expires = secondsParam(value)
		case s.RetryAfter < 0 && equalFold(name, "retry-after"):
			s.RetryAfter = secondsParam(value)
		}
	}
	return s, allToken(s.State)
}

// IsTerminated reports the state terminated.
func (s SubscriptionState) IsTerminated() bool { return equalFold(s.State, "terminated") }
