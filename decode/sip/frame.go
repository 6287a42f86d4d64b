package sip

import "bytes"

// Limits of one message on a stream.
const (
	// MaxHeaderBytes bounds start line and header fields: what fits in the largest UDP datagram,
	// so that a stream takes no more than a datagram can bring.
	MaxHeaderBytes = 64 << 10
	// MaxBodyBytes bounds the body. A reginfo document of a large registration set is below
	// 100 KiB, the rest is room.
	MaxBodyBytes = 1 << 20
	// maxKeepAlive bounds the line ends before a start line; a stream that is all keep-alive
	// should be drained with KeepAlive long before.
	maxKeepAlive = 4 << 10
)

// KeepAlive returns how many bytes at the beginning of b are line ends: keep-alives (RFC 5626
// 3.5.1) or padding before a message (RFC 3261 7.5). A caller may drop them before Frame.
func KeepAlive(b []byte) int { return skipLineEnds(b) }

// Frame finds the end of the message that a stream's bytes begin with.
//
// n > 0: the first n bytes are one message, with the line ends before it. n == 0 and err == nil:
// more bytes are wanted, at least need of them; need is exact once the header fields are complete.
// err != nil: b does not begin with a message (ErrNotSIP) or begins with one beyond the limits
// (ErrTooLong), and the caller goes on at Resync.
//
// The end is that of the header fields plus Content-Length (RFC 3261 18.3), which counts as 0 where
// it is missing, unreadable or above MaxBodyBytes. Header fields that go on beyond MaxHeaderBytes end with
// the last line before that. A body that would begin with a start line of its own is no body: then
// Content-Length lied and the message ends with its header fields; bodies of a message/ type (RFC
// 3420) are the exception. A stray empty line among the header fields ends the message here: what Parse
// joins in a datagram, a stream cannot tell from the next message. The answer depends on the stream only, not on how much of it is in b,
// and never waits for more than MaxHeaderBytes and MaxBodyBytes.
func Frame(b []byte) (n, need int, err error) {
	start := skipLineEnds(b)
	if start > maxKeepAlive {
		return 0, 0, ErrNotSIP
	}
	msg := b[start:]
	if len(msg) == 0 {
		return 0, 1, nil
	}
	if !isToken(msg[0]) {
		return 0, 0, ErrNotSIP
	}
	switch v, _ := sniff(msg); v {
	case isNot:
		return 0, 0, ErrNotSIP
	case isMaybe:
		return 0, 1, nil
	}
	if glued(msg) {
		return 0, 0, ErrNotSIP
	}
	head, length, sipBody := frameHead(msg[:min(len(msg), MaxHeaderBytes)])
	if head == 0 {
		if len(msg) < MaxHeaderBytes {
			return 0, 1, nil
		}
		msg = msg[:MaxHeaderBytes]
		if Resync(msg) > 0 {
			return 0, 0, ErrTooLong // the empty line is missing, not the limit too low
		}
		return start + max(bytes.LastIndexByte(msg, '\n')+1, maxStartLine), 0, nil
	}
	if length > MaxBodyBytes {
		return start + head, 0, nil
	}
	missing := head + length - len(msg)
	if length > 0 && !sipBody {
		switch body := msg[head:min(head+length, len(msg))]; bodyIsMessage(body) {
		case isYes:
			return start + head, 0, nil
		case isMaybe:
			missing = min(missing, 1) // the next bytes tell
		}
	}
	if missing > 0 {
		return 0, missing, nil
	}
	return start + head + length, 0, nil
}

// bodyIsMessage judges whether a body begins with a whole start line.
func bodyIsMessage(body []byte) verdict {
	if len(body) == 0 {
		return isMaybe
	}
	if !isToken(body[0]) {
		return isNot
	}
	v, _ := sniff(body)
	return v
}

// frameHead walks over the lines of a message up to the empty one. head is the offset behind it, 0
// if it is not there yet; length is Content-Length; sipBody is set for a Content-Type of message/.
func frameHead(msg []byte) (head, length int, sipBody bool) {
	seen := false
	for pos := 0; ; {
		end, next := lineEnd(msg, pos, '\n')
		if next == end {
			return 0, 0, false
		}
		line := msg[pos:end]
		pos = next
		if len(line) == 0 {
			return next, length, sipBody
		}
		if c := line[0] | 0x20; c != 'c' && c != 'l' {
			continue
		}
		id, value := frameHeader(line)
		switch id {
		case HdrContentLength:
			// A folded value has its digits on the next line.
			for len(value) == 0 && pos < len(msg) && (msg[pos] == ' ' || msg[pos] == '\t') {
				if end, next = lineEnd(msg, pos, '\n'); next == end {
					return 0, 0, false
				}
				value = trim(msg[pos:end])
				pos = next
			}
			if n, ok := parseContentLength(value); ok && !seen {
				length, seen = n, true
			}
		case HdrContentType:
			const t = "message/"
			sipBody = sipBody || len(value) > len(t) && equalFold(value[:len(t)], t)
		}
	}
}

// frameHeader splits one header line.
func frameHeader(line []byte) (HeaderID, []byte) {
	i := bytes.IndexByte(line, ':')
	if i < 0 {
		return HdrUnknown, nil
	}
	return ParseHeaderID(trimRight(line[:i])), trim(line[i+1:])
}
