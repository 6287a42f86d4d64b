package scenario

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"imscope/decode/diameter"
)

// More of the cast.
const (
	ICSCF = "10.9.0.2:5060"
	PCRF  = "10.9.0.9:3868"
	AS    = "10.9.0.5:5060"
)

// AskOver sends a REGISTER over some hops only: path names the nodes that it passes, the sender first.
// It returns the first frame.
func (s *Scenario) AskOver(r Register, path ...string) uint32 {
	s.seq++
	s.asked = fmt.Sprint("r", s.seq)
	return s.resend(r, path)
}

// AskAgain repeats the last REGISTER, branch and all, over these hops.
func (s *Scenario) AskAgain(r Register, path ...string) uint32 { return s.resend(r, path) }

func (s *Scenario) resend(r Register, path []string) uint32 {
	first := uint32(0)
	for i := range path[1:] {
		f := s.Send(path[i], path[i+1], r.Text(s.asked, path[:i+1]...))
		if first == 0 {
			first = f
		}
	}
	return first
}

// AnswerOver sends the response to the last REGISTER over some hops only: path names the nodes from
// where it starts, and via those between the registrar and where path ends. It returns the last frame.
func (s *Scenario) AnswerOver(r Register, status int, header string, path ...string) uint32 {
	if r.AOR == "" {
		r.AOR = Alice
	}
	if r.CallID == "" {
		r.CallID = "reg-" + r.UE
	}
	last := uint32(0)
	for i := range path[1:] {
		vias := slices.Clone(path[i+1:])
		if vias[len(vias)-1] != r.UE {
			vias = append(vias, r.UE)
		}
		slices.Reverse(vias)
		last = s.Send(path[i], path[i+1], fmt.Sprintf("SIP/2.0 %d X\n%sFrom: <%s>;tag=f\nTo: <%s>;tag=t\nCall-ID: %s\nCSeq: %d REGISTER\n%sContent-Length: 0\n\n",
			status, Via(s.asked, vias...), r.AOR, r.AOR, r.CallID, r.CSeq, header))
	}
	return last
}

// AskedBranch gives the transaction that answers are to, SetAsked takes it up again.
func (s *Scenario) AskedBranch() string    { return s.asked }
func (s *Scenario) SetAsked(branch string) { s.asked = branch }

// Challenge is the WWW-Authenticate of an AKA challenge.
func Challenge(nonce string) string {
	return fmt.Sprintf("WWW-Authenticate: Digest realm=\"home1.net\", nonce=%q, algorithm=AKAv1-MD5\n", nonce)
}

// ThirdParty sends the S-CSCF's REGISTER to the AS, answered with status unless that is 0, and returns
// its frame.
func (s *Scenario) ThirdParty(aor string, expires, status int) uint32 {
	return s.ThirdPartyTo(AS, aor, expires, status)
}

// ThirdPartyTo does the same to the AS at another address.
func (s *Scenario) ThirdPartyTo(as, aor string, expires, status int) uint32 {
	s.seq++
	b := fmt.Sprint("t", s.seq)
	common := fmt.Sprintf("%sFrom: <sip:scscf.home1.net>;tag=s\nTo: <%s>\nCall-ID: third\nCSeq: %d REGISTER\n", Via(b, SCSCF), aor, s.seq)
	f := s.Send(SCSCF, as, fmt.Sprintf("REGISTER sip:as.home1.net SIP/2.0\n%sContact: <sip:scscf.home1.net>\nExpires: %d\nContent-Length: 0\n\n", common, expires))
	if status != 0 {
		s.Send(as, SCSCF, fmt.Sprintf("SIP/2.0 %d X\n%sContent-Length: 0\n\n", status, common))
	}
	return f
}

// NotifyOver sends a document over some hops only and returns its first frame; NotifyAgain repeats it
// over the last hop of path, NotifyAnswer answers it.
func (s *Scenario) NotifyOver(ue, substate string, version int, state, regs string, path ...string) uint32 {
	s.seq++
	body := fmt.Sprintf("<?xml version=\"1.0\"?>\n<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"%d\" state=\"%s\">%s</reginfo>\n", version, state, regs)
	s.notify = func(path []string) uint32 {
		b := fmt.Sprint("n", s.seq)
		return s.Send(path[len(path)-2], path[len(path)-1], fmt.Sprintf("NOTIFY sip:alice@%s SIP/2.0\n%sFrom: <%s>;tag=n\nTo: <%s>;tag=w\nCall-ID: sub-%s\nCSeq: %d NOTIFY\nEvent: reg\nSubscription-State: %s\n"+
			"Content-Type: application/reginfo+xml\nContent-Length: %d\n\n%s", ue, Via(b, path[:len(path)-1]...), Alice, Alice, ue, s.seq, substate, len(strings.ReplaceAll(body, "\n", "\r\n")), body))
	}
	first := uint32(0)
	for i := range path[1:] {
		f := s.notify(path[:i+2])
		if first == 0 {
			first = f
		}
	}
	return first
}

// NotifyAnswer answers the last NotifyOver; path names the nodes from where the answer starts to the
// S-CSCF. It returns the first frame.
func (s *Scenario) NotifyAnswer(ue string, status int, path ...string) uint32 {
	first := uint32(0)
	for i := range path[1:] {
		vias := slices.Clone(path[i+1:])
		slices.Reverse(vias)
		f := s.Send(path[i], path[i+1], fmt.Sprintf("SIP/2.0 %d X\n%sFrom: <%s>;tag=n\nTo: <%s>;tag=w\nCall-ID: sub-%s\nCSeq: %d NOTIFY\nContent-Length: 0\n\n",
			status, Via(fmt.Sprint("n", s.seq), vias...), Alice, Alice, ue, s.seq))
		if first == 0 {
			first = f
		}
	}
	return first
}

// Cx describes a Cx transaction. Result or Experimental is the answer; without both there is none.
type Cx struct {
	Type                 int32 // Server-Assignment-Type or User-Authorization-Type; left out if negative
	Resync               bool  // MAR with SIP-Authorization
	Public               []string
	IMPI                 string // alice@home1.net if empty
	Result, Experimental uint32
	Identities           []string // of the profile in the SAA
}

// UAR, MAR, SAR and LIR send a transaction and return the frame of the request; an answer is the next
// frame.
func (s *Scenario) UAR(c Cx) uint32 { return s.cx(diameter.CmdUAR, ICSCF, c) }
func (s *Scenario) MAR(c Cx) uint32 { return s.cx(diameter.CmdMAR, SCSCF, c) }
func (s *Scenario) SAR(c Cx) uint32 { return s.cx(diameter.CmdSAR, SCSCF, c) }
func (s *Scenario) LIR(c Cx) uint32 { return s.cx(diameter.CmdLIR, ICSCF, c) }

func (s *Scenario) cx(command uint32, client string, c Cx) uint32 {
	s.seq++
	session := fmt.Sprint("cx;", s.seq)
	send := func(src, dst string, b *diameter.Builder) {
		b.String(diameter.AVPSessionID, 0, 0x40, session)
		switch {
		case src == HSS && c.Experimental != 0:
			b.Group(diameter.AVPExperimentalResult, 0, 0x40, func(b *diameter.Builder) {
				b.U32(diameter.AVPVendorID, 0, 0x40, diameter.Vendor3GPP)
				b.U32(diameter.AVPExperimentalResultCode, 0, 0x40, c.Experimental)
			})
		case src == HSS:
			b.U32(diameter.AVPResultCode, 0, 0x40, c.Result)
			if len(c.Identities) > 0 {
				b.String(diameter.AVPUserData, diameter.Vendor3GPP, 0xc0, "<IMSSubscription><ServiceProfile><PublicIdentity><Identity>"+
					strings.Join(c.Identities, "</Identity></PublicIdentity><PublicIdentity><Identity>")+"</Identity></PublicIdentity></ServiceProfile></IMSSubscription>")
			}
		default:
			s.cxRequest(b, command, c)
		}
		s.sendCx(src, dst, b.Message())
	}
	send(client, HSS, diameter.NewRequest(command, 16777216, uint32(s.seq), uint32(s.seq)))
	f := s.Frame
	if c.Result != 0 || c.Experimental != 0 {
		send(HSS, client, diameter.NewAnswer(command, 16777216, uint32(s.seq), uint32(s.seq)))
	}
	return f
}

func (s *Scenario) cxRequest(b *diameter.Builder, command uint32, c Cx) {
	impi := c.IMPI
	if impi == "" {
		impi = "alice@home1.net"
	}
	b.String(diameter.AVPUserName, 0, 0x40, impi)
	for _, p := range c.Public {
		b.String(diameter.AVPPublicIdentity, diameter.Vendor3GPP, 0xc0, p)
	}
	if len(c.Public) == 0 {
		b.String(diameter.AVPPublicIdentity, diameter.Vendor3GPP, 0xc0, Alice)
	}
	switch {
	case command == diameter.CmdSAR && c.Type >= 0:
		b.U32(diameter.AVPServerAssignmentType, diameter.Vendor3GPP, 0xc0, uint32(c.Type))
	case command == diameter.CmdUAR && c.Type >= 0:
		b.U32(diameter.AVPUserAuthorizationType, diameter.Vendor3GPP, 0xc0, uint32(c.Type))
	case command == diameter.CmdMAR && c.Resync:
		b.Group(diameter.AVPSIPAuthDataItem, diameter.Vendor3GPP, 0xc0, func(b *diameter.Builder) {
			b.String(diameter.AVPSIPAuthorization, diameter.Vendor3GPP, 0xc0, "RANDRANDRANDRANDAUTSAUTSAUTS12")
		})
	}
}

// Call sends an INVITE from outside to Alice along a path and, unless it is 0, a response with this status back from
// its end. It returns the last frame of the request, and that of the response's first hop. CallAgain repeats the INVITE
// over the last hop.
func (s *Scenario) Call(status int, path ...string) (asked, answered uint32) {
	s.seq++
	for i := range path[1:] {
		asked = s.CallAgain(path[:i+2]...)
	}
	for i := len(path) - 1; i > 0 && status != 0; i-- {
		f := s.Send(path[i], path[i-1], fmt.Sprintf("SIP/2.0 %d X\n%s", status, s.call(path[:i])))
		if answered == 0 {
			answered = f
		}
	}
	return asked, answered
}

func (s *Scenario) CallAgain(path ...string) uint32 {
	i := len(path) - 1
	return s.Send(path[i-1], path[i], "INVITE "+Phone+" SIP/2.0\n"+s.call(path[:i]))
}

func (s *Scenario) call(sent []string) string {
	via := Via(fmt.Sprint("i", s.seq), append([]string{ICSCF}, sent...)...)
	return fmt.Sprintf("%sFrom: <sip:bob@home2.net>;tag=b\nTo: <%s>\nCall-ID: call-%d\nCSeq: 1 INVITE\nContent-Length: 0\n\n", via, Alice, s.seq)
}

// AAR asks the PCRF for resources of a phone, and is answered with a Result-Code, or an Experimental-Result-Code from
// 5061, unless that is 0. It returns the frames.
func (s *Scenario) AAR(phone string, result uint32) []uint32 {
	const rx = 16777236
	s.seq++
	session := fmt.Sprint("pcscf;rx;", s.seq)
	b := diameter.NewRequest(diameter.CmdAAR, rx, uint32(s.seq), uint32(s.seq))
	b.String(diameter.AVPSessionID, 0, 0x40, session)
	b.Bytes(diameter.AVPFramedIPAddress, 0, 0x40, netip.MustParseAddr(phone).AsSlice())
	frames := []uint32{s.sendCx("10.9.0.1:40000", PCRF, b.Message())}
	if result == 0 {
		return frames
	}
	b = diameter.NewAnswer(diameter.CmdAAR, rx, uint32(s.seq), uint32(s.seq))
	b.String(diameter.AVPSessionID, 0, 0x40, session)
	if result < 5061 {
		b.U32(diameter.AVPResultCode, 0, 0x40, result)
	} else {
		b.Group(diameter.AVPExperimentalResult, 0, 0x40, func(b *diameter.Builder) {
			b.U32(diameter.AVPVendorID, 0, 0x40, diameter.Vendor3GPP)
			b.U32(diameter.AVPExperimentalResultCode, 0, 0x40, result)
		})
	}
	return append(frames, s.sendCx(PCRF, "10.9.0.1:40000", b.Message()))
}
