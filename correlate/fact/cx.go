package fact

import "imscope/decode/diameter"

// Cx is one Diameter transaction on Cx: a request with its answer, on all hops.
type Cx struct {
	Command  uint32
	Name     string // of the request: UAR, SAR, MAR, LIR, RTR, PPR
	EndToEnd uint32

	UserName   string // IMPI
	Public     []URI
	Profile    []URI    // public identities of the profile that the HSS sent
	Barred     []string // Key of those that are barred
	Associated []string // further IMPIs
	ServerName string
	Visited    string
	Origin     string // Origin-Host of the request

	AuthorizationType int32 // User-Authorization-Type; Absent
	AssignmentType    int32 // Server-Assignment-Type; Absent
	ReasonCode        int32 // of Deregistration-Reason; Absent
	ReasonInfo        string
	Resync            bool   // MAR with SIP-Authorization (AUTS)
	Nonce             string // SIP-Authenticate of the MAA as base64, joins the 401

	Result       int32 // Result-Code; Absent
	Experimental int32 // Experimental-Result-Code; Absent

	Request Message
	Answer  Message
}

// Succeeded reports whether the answer is there and says success.
func (c *Cx) Succeeded() bool {
	return c.Answer.Seen() && diameter.Success(c.Result, c.Experimental)
}

// FirstFrame returns the earliest frame of the transaction.
func (c *Cx) FirstFrame() uint32 {
	if c.Request.Seen() {
		return c.Request.Hops[0].Frame
	}
	if c.Answer.Seen() {
		return c.Answer.Hops[0].Frame
	}
	return 0
}

// FirstTime returns the time of the earliest hop.
func (c *Cx) FirstTime() int64 {
	if c.Request.Seen() {
		return c.Request.Hops[0].Time
	}
	if c.Answer.Seen() {
		return c.Answer.Hops[0].Time
	}
	return 0
}
