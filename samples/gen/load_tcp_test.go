package gen_test

import (
	"bytes"
	"testing"

	"imscope/decode"
	"imscope/decode/capture"
	"imscope/decode/network"
	"imscope/samples/gen"
)

// Over TCP the messages are the same, whatever the segments.
func TestLoadTCP(t *testing.T) {
	texts := map[bool][]string{}
	for _, tcp := range []bool{false, true} {
		var out bytes.Buffer
		stats, err := gen.Load(&out, gen.LoadConfig{Users: 64, TCP: tcp})
		if err != nil {
			t.Fatal(err)
		}
		r := capture.NewReader(bytes.NewReader(out.Bytes()), "load")
		st, err := decode.Run(t.Context(), r, decode.Options{}, func(rec *decode.Record) error {
			if (rec.Proto == network.TCP) != tcp {
				t.Fatalf("frame %d: %s", rec.Frame, rec.Proto)
			}
			texts[tcp] = append(texts[tcp], string(rec.SIP.Raw))
			return nil
		})
		if err != nil || st.SIPMessages != stats.SIPMessages || st.Packets != stats.Packets {
			t.Fatalf("%d messages of %d, %d packets of %d, %v", st.SIPMessages, stats.SIPMessages, st.Packets, stats.Packets, err)
		}
	}
	for i, want := range texts[false] {
		if texts[true][i] != want {
			t.Fatalf("message %d: %s", i, texts[true][i])
		}
	}
}
