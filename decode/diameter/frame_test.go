package diameter

import (
	"encoding/binary"
	"errors"
	"testing"
)

func TestFrame(t *testing.T) {
	m := unhex(t, uaaHex)
	for _, tt := range []struct {
		name    string
		b       []byte
		n, need int
		err     error
	}{
		{"nothing yet", nil, 0, 20, nil},
		{"one byte", m[:1], 0, 19, nil},
		{"length not yet complete", m[:3], 0, 17, nil},
		{"length complete", m[:4], 0, 272, nil},
		{"last byte missing", m[:275], 0, 1, nil},
		{"complete", m, 276, 0, nil},
		{"two", append(append([]byte(nil), m...), m...), 276, 0, nil},
		{"other protocol", []byte("SIP/2.0 200 OK\r\n"), 0, 0, ErrVersion},
		{"length odd", []byte{1, 0, 0, 21}, 0, 0, ErrLength},
		{"length below header", []byte{1, 0, 0, 4}, 0, 0, ErrLength},
		{"length beyond limit", []byte{1, 0x10, 0, 4}, 0, 0, ErrLength},
		{"length at limit", []byte{1, 0x10, 0, 0}, 0, maxMessage - 4, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n, need, err := Frame(tt.b)
			if n != tt.n || need != tt.need || !errors.Is(err, tt.err) {
				t.Errorf("got %d, %d, %v, want %d, %d, %v", n, need, err, tt.n, tt.need, tt.err)
			}
		})
	}
}

// header builds a bare header.
func header(flags uint8, command, app uint32) []byte {
	b := NewRequest(command, app, 1, 1)
	b.SetFlags(flags)
	return b.Message()
}

func TestIsStart(t *testing.T) {
	rtp := make([]byte, 172)
	rtp[0], rtp[1] = 0x80, 8
	dns := []byte{1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 'w', 'w', 'w'}
	long := header(FlagRequest, CmdUAR, AppCx)
	binary.BigEndian.PutUint32(long, 1<<24|0x100004)
	for _, tt := range []struct {
		name string
		b    []byte
		want bool
	}{
		{"RTR", unhex(t, rtrHex), true},
		{"UAA", unhex(t, uaaHex), true},
		{"first twelve bytes", unhex(t, sarHex)[:12], true},
		{"eleven bytes", unhex(t, sarHex)[:11], false},
		{"nothing", nil, false},
		{"CER", header(FlagRequest, 257, 0), true},
		{"CER of an application", header(FlagRequest, 257, AppCx), false},
		{"PPR", header(FlagRequest, CmdPPR, AppCx), true},
		{"Cx command through a relay", header(FlagRequest, CmdPPR, appRelay), true},
		{"Cx command without application", header(FlagRequest, CmdPPR, 0), false},
		{"Sh UDR", header(FlagRequest, 306, AppCx+1), true},
		{"Credit-Control", header(FlagRequest, 272, 4), true},
		{"S6a ULR", header(FlagRequest, 316, 16777251), true},
		{"command 0", header(FlagRequest, 0, AppCx), false},
		{"reserved flag", header(FlagRequest|1, CmdUAR, AppCx), false},
		{"error in a request", header(FlagRequest|FlagError, CmdUAR, AppCx), false},
		{"error answer", header(FlagError, CmdUAR, AppCx), true},
		{"retransmitted answer", header(FlagRetransmit, CmdUAR, AppCx), false},
		{"retransmitted request", header(FlagRequest|FlagRetransmit, CmdUAR, AppCx), true},
		{"too long", long, false},
		{"RTP", rtp, false},
		{"DNS", dns, false},
		{"SIP", []byte("REGISTER sip:home1.fr SIP/2.0\r\n"), false},
		{"HEP", []byte("HEP3\x00\x1e\x00\x00\x00\x01\x00\x07\x02"), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := IsStart(tt.b); got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestResync(t *testing.T) {
	m := unhex(t, rtrHex)
	junk := []byte{1, 1, 0, 0, 1, 0xff, 1, 0, 0, 20, 7}
	for _, tt := range []struct {
		name string
		b    []byte
		want int
	}{
		{"at once", m, 0},
		{"behind junk", append(append([]byte(nil), junk...), m...), len(junk)},
		{"rest of a message, then one", append(append([]byte(nil), m[300:]...), m...), len(m) - 300},
		{"none", m[1:], -1},
		{"header not complete", append(append([]byte(nil), junk...), m[:11]...), -1},
		{"empty", nil, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Resync(tt.b); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}
