package live

import (
	"errors"
	"fmt"
	"os"
	"time"

	"imscope/decode/capture/live/filter"
)

// Options of Open. At least one of Interfaces, HEP and Follow is needed.
type Options struct {
	// Interfaces are names; "any" stands for all there are at any time.
	Interfaces []string
	// NoPromiscuous leaves interfaces as they are: only packets from and to this machine are seen, as a rule.
	NoPromiscuous bool
	// SnapLen is how many bytes of a packet are taken; 0 is all of it.
	SnapLen int
	// RingBytes is the memory that the kernel may fill while this process is busy; 0 is 64 MiB.
	RingBytes int
	// Filter is what the kernel keeps; nil is what Expression says.
	Filter filter.Program
	// Expression is the filter in tcpdump's language, for libpcap in builds that have it, else for filter.Compile;
	// empty is filter.Default.
	Expression string
	// HEP is where capture agents may send to.
	HEP []HEPOptions
	// Follow are files and directories of files that grow.
	Follow []FollowOptions
	// Queue is how many batches of at most 256 KiB may wait for the analysis; 0 is 1024.
	Queue int
	// Notice is called, by any goroutine, with what a person at the terminal should know: an interface went down.
	Notice func(string)
}

// Errors that a command line explains.
var (
	// ErrPermission: the rights to capture are missing.
	ErrPermission = errors.New("no permission to capture")
	// ErrNoInterface: there is no interface of that name.
	ErrNoInterface = errors.New("no such interface")
	// ErrNotBuilt: this program cannot capture on this system.
	ErrNotBuilt = errors.New("this imscope was built without libpcap, which capturing from interfaces needs on this system: " +
		"build it with cgo and the tag: CGO_ENABLED=1 go build -tags pcap ./cmd/imscope; HEP (--hep) and files (--follow) work without")
)

const (
	defaultRing = 64 << 20
	maxSnapLen  = 256 << 10
)

// Open opens everything; Start begins to read. Between the two, rights can be given up.
func Open(opt Options) (*Source, error) {
	if opt.Queue <= 0 {
		opt.Queue = defaultQueue
	}
	if opt.SnapLen <= 0 || opt.SnapLen > maxSnapLen {
		opt.SnapLen = maxSnapLen
	}
	if opt.RingBytes <= 0 {
		opt.RingBytes = defaultRing
	}
	s := newSource(opt.Queue, opt.Notice)
	if len(opt.Interfaces) > 0 {
		f, err := openInterfaces(s, &opt)
		if err != nil {
			return nil, err
		}
		s.add(f)
	}
	for _, h := range opt.HEP {
		f, err := openHEP(s, h)
		if err != nil {
			s.Close()
			return nil, err
		}
		s.add(f)
	}
	for _, o := range opt.Follow {
		f, err := openFollow(s, o)
		if err != nil {
			s.Close()
			return nil, err
		}
		s.add(f)
	}
	if len(s.feeders) == 0 {
		return nil, errors.New("nothing to capture from")
	}
	return s, nil
}

// openError words an error of the operating system about an interface.
func openError(name string, err error) error {
	if errors.Is(err, os.ErrPermission) {
		return fmt.Errorf("%s: %w", name, ErrPermission)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// pollEvery is how often interfaces are looked at: whether they are up, and still the same.
const pollEvery = time.Second
