package fact

import (
	"strconv"
	"strings"

	"imscope/decode/reginfo"
	"imscope/decode/sip"
)

// thousandths gives a q value in thousandths (RFC 3261 25.1 allows three digits), Absent for none and
// for what is no q value.
func thousandths(q []byte) int16 {
	if len(q) == 0 {
		return Absent
	}
	f, err := strconv.ParseFloat(string(q), 64)
	if err != nil || !(f >= 0 && f <= 1) {
		return Absent
	}
	return int16(f*1000 + 0.5)
}

// regID gives the reg-id of a contact element.
func regID(c *reginfo.Contact) int32 {
	for _, p := range c.Params {
		if strings.EqualFold(string(p.Name), "reg-id") {
			n, _ := strconv.ParseInt(strings.Trim(string(p.Value), `" `), 10, 32)
			return int32(n)
		}
	}
	return 0
}

// icid gives the charging identifier of a message, "" without one.
func icid(m *sip.Message) string {
	cv, _ := sip.ParseChargingVector(m.First(sip.HdrPChargingVector))
	return string(cv.ICID)
}

// joined gives all values of a list header as one list.
func (e *Extractor) joined(m *sip.Message, id sip.HeaderID) string {
	var list []byte
	for v := range m.All(id) {
		if list == nil {
			list = v
			continue
		}
		list = append(append(list[:len(list):len(list)], ", "...), v...)
	}
	return e.in.str(list)
}
