package sip

// AccessNetworkInfo is one P-Access-Network-Info value (RFC 7315 5.4). The slices borrow the value it was
// parsed from.
type AccessNetworkInfo struct {
	AccessType      []byte // "3GPP-E-UTRAN-FDD", or the access class
	Cell            []byte // cgi-3gpp, utran-cell-id-3gpp or i-wlan-node-id, without quotes
	NetworkProvided bool   // added by the network, not the UE
	Params          []byte
}

// ParseAccessNetworkInfo reads a value that is one access. ok is false when it does not begin with a
// token.
func ParseAccessNetworkInfo(v []byte) (AccessNetworkInfo, bool) {
	head, params := cutParams(trim(v))
	a := AccessNetworkInfo{AccessType: trimRight(head), Params: params}
	for {
		name, value, rest, form := cutParam(params)
		if form == noParam {
			break
		}
		params = rest
		switch {
		case a.Cell == nil && (equalFold(name, "utran-cell-id-3gpp") || equalFold(name, "cgi-3gpp") || equalFold(name, "i-wlan-node-id")):
			a.Cell = value
		case equalFold(name, "network-provided"):
			a.NetworkProvided = true
		}
	}
	return a, allToken(a.AccessType)
}

// NextAccessNetworkInfo cuts the first access off a comma list and returns what follows it. ok is
// false at the end.
func NextAccessNetworkInfo(v []byte) (a AccessNetworkInfo, rest []byte, ok bool) {
	e, rest, ok := nextElement(v)
	if !ok {
		return a, nil, false
	}
	a, _ = ParseAccessNetworkInfo(e)
	return a, rest, true
}
