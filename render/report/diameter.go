package report

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"unicode/utf8"

	"imscope/decode/diameter"
)

const (
	// maxDepth is how deep grouped AVPs are followed; Cx nests three deep.
	maxDepth = 6
	// maxAVPs bounds the AVPs of one message that are shown.
	maxAVPs = 400
	// maxHex is how many bytes of binary data are shown.
	maxHex = 32
)

// importantAVPs tell what happened to a registration.
var importantAVPs = map[uint32]bool{
	diameter.AVPUserName: true, diameter.AVPResultCode: true, diameter.AVPExperimentalResultCode: true,
	diameter.AVPPublicIdentity: true, diameter.AVPServerName: true, diameter.AVPServerAssignmentType: true,
	diameter.AVPReasonCode: true, diameter.AVPReasonInfo: true, diameter.AVPUserAuthorizationType: true,
}

// secretAVPs hold keys, or the response that a phone will give.
func secret(a *diameter.AVP) bool {
	return a.Vendor == diameter.Vendor3GPP &&
		(a.Code == diameter.AVPConfidentialityKey || a.Code == diameter.AVPIntegrityKey || a.Code == diameter.AVPSIPAuthorization)
}

// avpLines spells a Diameter message.
func avpLines(m *diameter.Message) []Line {
	flags := ""
	for _, f := range []struct {
		on   bool
		name string
	}{{m.Request, "request"}, {m.Proxiable, "proxiable"}, {m.Error, "error"}, {m.Retransmit, "retransmitted"}} {
		if f.on {
			flags += ", " + f.name
		}
	}
	l := []Line{{Kind: Start, Important: true, Value: fmt.Sprintf("%s  command %d, application %d%s, hop-by-hop 0x%08x, end-to-end 0x%08x",
		m.Name(), m.Command, m.AppID, flags, m.HopByHop, m.EndToEnd)}}
	var walk func(avps func(func(diameter.AVP) bool), depth int)
	walk = func(avps func(func(diameter.AVP) bool), depth int) {
		for a := range avps {
			if len(l) > maxAVPs {
				l = append(l, Line{Kind: Remark, Value: "… more AVPs, cut for this report"})
				return
			}
			line := Line{Kind: Header, Name: diameter.AVPName(a.Vendor, a.Code), Depth: depth, Important: importantAVPs[a.Code]}
			if a.Grouped() && depth < maxDepth {
				l = append(l, line)
				walk(a.AVPs(), depth+1)
				continue
			}
			line.Value = avpValue(&a)
			l = append(l, line)
		}
	}
	walk(m.AVPs(), 0)
	return l
}

// avpValue words the value of an AVP.
func avpValue(a *diameter.AVP) string {
	if secret(a) {
		return fmt.Sprintf("(%d bytes, left out)", len(a.Data))
	}
	if a.Number() {
		if v, ok := a.Uint32(); ok {
			s := strconv.FormatUint(uint64(v), 10)
			if name := valueName(a, int32(v)); name != "" {
				s += " " + name
			}
			return s
		}
	}
	if readable(a.Data) {
		return text(a.Data)
	}
	s := hex.EncodeToString(a.Data[:min(len(a.Data), maxHex)])
	if n := len(a.Data) - maxHex; n > 0 {
		s += fmt.Sprintf("… (%d bytes)", len(a.Data))
	}
	return s
}

// readable reports whether data is text.
func readable(b []byte) bool { return utf8.Valid(b) && printable(b) == len(b)-multibyte(b) }

// multibyte counts the bytes beyond ASCII.
func multibyte(b []byte) int {
	n := 0
	for _, c := range b {
		if c >= utf8.RuneSelf {
			n++
		}
	}
	return n
}

func valueName(a *diameter.AVP, v int32) string {
	if a.Vendor == 0 {
		switch a.Code {
		case diameter.AVPResultCode:
			return diameter.ResultCodeName(v)
		case diameter.AVPExperimentalResultCode:
			return diameter.ExperimentalResultName(v)
		}
		return ""
	}
	switch a.Code {
	case diameter.AVPServerAssignmentType:
		return diameter.ServerAssignmentTypeName(v)
	case diameter.AVPReasonCode:
		return diameter.ReasonCodeName(v)
	case diameter.AVPUserAuthorizationType:
		return diameter.UserAuthorizationTypeName(v)
	}
	return ""
}
