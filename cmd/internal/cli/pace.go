package cli

import (
	"runtime"
	"runtime/debug"
)

const (
	// heapGrowth is how far the heap may grow, in percent of what is alive, before the garbage collector runs. What is
	// kept of a capture has few pointers, so that collecting costs little. On two cores (2026-11-29), 20,000, 100,000
	// and 200,000 users: resident 70, 240 and 435 MB with 50 %, 72, 250 and 442 MB with 75 %, 70, 255 and 463 MB with
	// 100 %, in a hundredth less time; a stream of 100,000 users 106, 121 and 134 MB.
	heapGrowth = 50
	// heapFloor is alive from the beginning and never touched, so that it takes no memory: a heap of a few MB is not
	// worth collecting, and while it is collected every pointer costs more. 2,000 users take a tenth less time so,
	// 20,000 users 2 % (2026-11-29).
	heapFloor = 16 << 20
)

// pace sets the garbage collector's pace, unless GOGC says what it is to be or the process is not this command's
// (streams without an environment), and returns what sets it back.
func pace(s *Streams) (restore func()) {
	if s.Getenv == nil || s.Getenv("GOGC") != "" {
		return func() {}
	}
	floor, before := make([]byte, heapFloor), debug.SetGCPercent(heapGrowth)
	return func() {
		debug.SetGCPercent(before)
		runtime.KeepAlive(floor)
	}
}
