package fact

import (
	"testing"

	"imscope/decode/reginfo"
	"imscope/decode/sip"
)

func TestThousandths(t *testing.T) {
	for q, want := range map[string]int16{"": Absent, "0": 0, "0.000": 0, "0.5": 500, "1": 1000, "1.0": 1000, "0.123": 123, "1.5": Absent, "-1": Absent, "x": Absent, "NaN": Absent} {
		if got := thousandths([]byte(q)); got != want {
			t.Errorf("q=%q: %d, want %d", q, got, want)
		}
	}
}

func TestRegID(t *testing.T) {
	param := func(name, value string) *reginfo.Contact {
		return &reginfo.Contact{Params: []reginfo.Param{{Name: []byte("audio")}, {Name: []byte(name), Value: []byte(value)}}}
	}
	for _, tt := range []struct {
		c    *reginfo.Contact
		want int32
	}{
		{param("reg-id", "2"), 2}, {param("Reg-ID", `"7"`), 7}, {param("+sip.instance", "2"), 0}, {param("reg-id", "99999999999"), 1<<31 - 1}, {&reginfo.Contact{}, 0},
	} {
		if got := regID(tt.c); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.c.Params, got, tt.want)
		}
	}
}

func TestJoined(t *testing.T) {
	var m sip.Message
	if err := m.Parse([]byte("REGISTER sip:home1.net SIP/2.0\r\nSupported: path\r\nk: gruu,outbound\r\nCSeq: 1 REGISTER\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	if got := joined(&m, sip.HdrSupported); got != "path, gruu,outbound" {
		t.Errorf("got %q", got)
	}
	if got := joined(&m, sip.HdrRequire); got != "" {
		t.Errorf("got %q of a header that is not there", got)
	}
	if string(m.First(sip.HdrSupported)) != "path" {
		t.Error("the message was written to")
	}
}

func TestURILike(t *testing.T) {
	for _, tt := range [][2]string{{"sip:a@b", "sip:a@b"}, {"sip:a@b;c@d", "sip:a@b"}, {"sip:A@B", "sip:A@B"}, {"tel:1;phone-context=x", "tel:1"}, {"sip:a@h:5060;lr", "sip:a@h:5060"}} {
		if got, want := uri([]byte(tt[1]), uri([]byte(tt[0]), URI{})), uri([]byte(tt[1]), URI{}); got != want {
			t.Errorf("%s behind %s: %v, want %v", tt[1], tt[0], got, want)
		}
	}
}
