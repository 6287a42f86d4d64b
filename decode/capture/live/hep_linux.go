package live

import (
	"encoding/binary"
	"net"

	"golang.org/x/sys/unix"
)

// enlarge asks for a socket buffer, beyond the system's limit where there are rights to, and for the count of datagrams
// that did not fit.
func enlarge(c *net.UDPConn, size int) {
	raw, err := c.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		if unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, size) != nil {
			_ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, size)
		}
		_ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RXQ_OVFL, 1)
	})
}

// overflow gives the datagrams that the socket has dropped until now.
func overflow(oob []byte) (uint64, bool) {
	for len(oob) > 0 {
		h, data, rest, err := unix.ParseOneSocketControlMessage(oob)
		if err != nil {
			return 0, false
		}
		if h.Level == unix.SOL_SOCKET && h.Type == unix.SO_RXQ_OVFL && len(data) >= 4 {
			return uint64(binary.NativeEndian.Uint32(data)), true
		}
		oob = rest
	}
	return 0, false
}
