package diameter

import (
	"bytes"
	"encoding/binary"
)

// Frame finds the message at the start of a byte stream (RFC 6733 2.1: TCP). n > 0: the first n
// bytes are one message. n == 0: at least need more bytes must come. An error says that no message
// starts here; Resync finds the next one.
func Frame(b []byte) (n, need int, err error) {
	if len(b) > 0 && b[0] != 1 {
		return 0, 0, ErrVersion
	}
	if len(b) < 4 {
		return 0, HeaderLen - len(b), nil
	}
	n, err = messageLen(b)
	if err != nil {
		return 0, 0, err
	}
	if n > len(b) {
		return 0, n - len(b), nil
	}
	return n, 0, nil
}

// sniffLen is how much of a header must be there to be recognised: up to the Application-Id.
const sniffLen = 12

// IsStart reports whether b looks like the start of a Diameter message: version, possible length, no
// reserved flags, a command and an application that belong together. It looks at twelve bytes and
// says no to most other protocols at the first.
func IsStart(b []byte) bool {
	if len(b) < sniffLen || b[0] != 1 || b[4]&flagsReserved != 0 {
		return false
	}
	if b[4]&(FlagRequest|FlagError) == FlagRequest|FlagError || b[4]&(FlagRequest|FlagRetransmit) == FlagRetransmit {
		return false // E in a request, T in an answer
	}
	if _, err := messageLen(b); err != nil {
		return false
	}
	return plausible(uint24(b[5:]), binary.BigEndian.Uint32(b[8:]))
}

// IsAnswer reports whether b looks like the start of an answer to a command.
func IsAnswer(b []byte, command uint32) bool {
	return IsStart(b) && b[4]&FlagRequest == 0 && uint24(b[5:]) == command
}

// Resync returns the offset of the next thing in b that IsStart accepts, or -1. After -1 all but the
// last eleven bytes of b can be dropped: a header may have begun there.
func Resync(b []byte) int {
	for off := 0; ; off++ {
		i := bytes.IndexByte(b[off:], 1)
		if i < 0 {
			return -1
		}
		off += i
		if IsStart(b[off:]) {
			return off
		}
	}
}

// Application-Ids (RFC 6733 11.3, TS 29.230 5).
const (
	appBase  = 0
	AppCx    = 16777216
	appRx    = 16777236
	appRelay = 0xffffffff
	// app3GPPEnd is the end of what TS 29.230 has given to 3GPP so far, with room.
	app3GPPEnd = AppCx + 512
)

// plausible reports whether a command may come with an application.
func plausible(command, app uint32) bool {
	switch {
	case command == cmdCER || command == cmdDWR || command == cmdDPR:
		return app == appBase
	case command >= CmdUAR && command <= CmdPPR:
		return app == AppCx || app == appRelay
	case command >= 256 && command < 512, command >= 8388608 && command < 8388800:
		// Other IETF and 3GPP commands: with a 3GPP application, or with one of the IETF's first ones.
		return app >= AppCx && app < app3GPPEnd || app >= 1 && app <= 16 || command <= 275 && app == appBase
	}
	return false
}
