package cli

import (
	"strconv"

	"imscope/render"
	"imscope/render/json"
)

// json writes the message as an object.
func (l *messageList) json(m *message) {
	rec := m.rec
	b := append(l.buf, `{"type":"message","frame":`...)
	b = strconv.AppendUint(b, uint64(rec.Frame), 10)
	b = append(b, `,"frames":[`...)
	for i, f := range rec.Frames {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendUint(b, uint64(f), 10)
	}
	b = append(b, `],"time":`...)
	if rec.Time == 0 {
		b = append(b, "null"...)
	} else {
		b = json.AppendString(b, render.UTC(rec.Time).Format("2006-01-02T15:04:05.000000000"+"Z"))
	}
	member := func(name, value string) {
		b = append(b, `,"`...)
		b = append(b, name...)
		b = append(b, `":`...)
		if value == "" {
			b = append(b, "null"...)
			return
		}
		b = json.AppendString(b, value)
	}
	member("src", rec.Src.String())
	member("dst", rec.Dst.String())
	member("transport", rec.Proto.String())
	member("path", rec.Path.String())
	protocol := "sip"
	if rec.Diameter != nil {
		protocol = "diameter"
	}
	member("protocol", protocol)
	member("method", m.method)
	b = append(b, `,"status":`...)
	if rec.SIP != nil && rec.SIP.Status != 0 {
		b = strconv.AppendInt(b, int64(rec.SIP.Status), 10)
	} else {
		b = append(b, "null"...)
	}
	member("what", m.what)
	member("request_uri", m.target)
	member("user", m.user)
	member("call_id", m.callID)
	if m.copy {
		b = append(b, `,"captured_twice":true`...)
	}
	b = append(b, `,"problems":[`...)
	for i, p := range m.problems {
		if i > 0 {
			b = append(b, ',')
		}
		b = json.AppendString(b, p)
	}
	l.buf = append(b, "]}\n"...)
}
