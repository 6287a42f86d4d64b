package diameter

import "testing"

func saa(tb testing.TB) []byte {
	tb.Helper()
	b := NewAnswer(CmdSAR, AppCx, 1, 1)
	b.String(AVPSessionID, 0, AVPMandatory, "scscf.home1.fr;2544869285;2")
	b.U32(AVPResultCode, 0, AVPMandatory, 2001)
	b.String(AVPUserData, Vendor3GPP, AVPMandatory, `<IMSSubscription><PrivateID>1@home1.fr</PrivateID><ServiceProfile>`+
		`<PublicIdentity><BarringIndication>0</BarringIndication><Identity>sip:a@home1.fr</Identity></PublicIdentity>`+
		`<PublicIdentity><BarringIndication>0</BarringIndication><Identity>sip:a&amp;b@home1.fr</Identity></PublicIdentity>`+
		`</ServiceProfile></IMSSubscription>`)
	return b.Message()
}

func TestNoAllocs(t *testing.T) {
	var m Message
	var c Cx
	messages := [][]byte{unhex(t, rtrHex), unhex(t, maaHex), unhex(t, uaaHex), saa(t), unhex(t, rtrHex)[:500]}
	n := testing.AllocsPerRun(100, func() {
		for _, b := range messages {
			if err := m.Parse(b); err != nil {
				t.Fatal(err)
			}
			c.Parse(&m)
			sum := 0
			for a := range m.AVPs() {
				for in := range a.AVPs() {
					sum += in.Len
				}
			}
			if sum == 0 && len(b) == 604 {
				t.Fatal("no inner AVPs")
			}
		}
	})
	if n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

func BenchmarkParse(b *testing.B) {
	raw := unhex(b, rtrHex)
	var m Message
	b.ReportAllocs()
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if err := m.Parse(raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCx(b *testing.B) {
	raw := unhex(b, rtrHex)
	var m Message
	var c Cx
	if err := m.Parse(raw); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		c.Parse(&m)
	}
}

func BenchmarkCxUserData(b *testing.B) {
	raw := saa(b)
	var m Message
	var c Cx
	if err := m.Parse(raw); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		c.Parse(&m)
	}
}

func BenchmarkIsStartRTP(b *testing.B) {
	rtp := make([]byte, 172)
	rtp[0] = 0x80
	b.ReportAllocs()
	for b.Loop() {
		if IsStart(rtp) {
			b.Fatal("RTP taken for Diameter")
		}
	}
}
