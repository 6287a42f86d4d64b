package cli

import (
	"fmt"
	"net"

	"imscope/cmd/internal/hep"
	"imscope/decode"
)

// hepSender sends messages on to collectors.
type hepSender struct {
	conns        []net.Conn
	buf          []byte
	sent, unsent uint64
}

// sendTo adds a collector. UDP tells nobody whether it listens; what the system knows is counted.
func (r *liveRun) sendTo(addr string) error {
	c, err := net.Dial("udp", addr)
	if err != nil {
		return fmt.Errorf("--hep-send: %w", err)
	}
	if r.sender == nil {
		r.sender = &hepSender{}
	}
	r.sender.conns = append(r.sender.conns, c)
	return nil
}

func (s *hepSender) send(rec *decode.Record) {
	var ok bool
	if s.buf, ok = hep.Append(s.buf[:0], rec); !ok {
		s.unsent++
		return
	}
	for _, c := range s.conns {
		if _, err := c.Write(s.buf); err != nil {
			s.unsent++
			continue
		}
		s.sent++
	}
}

func (s *hepSender) close() {
	for _, c := range s.conns {
		c.Close()
	}
}
