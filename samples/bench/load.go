//go:build unix

package main

import (
	"bufio"
	"io"
	"os"
	"path/filepath"

	"imscope/samples/gen"
)

// load is a capture to measure with.
type load struct {
	name, what string
	cfg        gen.LoadConfig
	quick      bool // with -quick too
	whole      bool // also measure the flow report, and what shows messages: tshark and sngrep
}

// The captures: signalling only, over UDP and TCP, 2 % signalling among RTP, and many users.
var loads = []load{
	{"signalling-2k", "signalling only, 2,000 users", gen.LoadConfig{Users: 2000}, true, false},
	{"signalling-20k", "signalling only, 20,000 users", gen.LoadConfig{Users: 20000}, true, true},
	{"tcp-20k", "the same over TCP", gen.LoadConfig{Users: 20000, TCP: true}, false, false},
	{"rtp-heavy", "2 % signalling, the rest RTP", gen.LoadConfig{Users: 6759, RTPPerMessage: 49}, false, false},
	{"signalling-100k", "signalling only, 100,000 users", gen.LoadConfig{Users: 100000}, false, false},
}

// growing are captures of which each is ten times the one before.
var growing = []load{
	{"signalling-2k", "", gen.LoadConfig{Users: 2000}, true, false},
	{"signalling-20k", "", gen.LoadConfig{Users: 20000}, true, false},
	{"signalling-200k", "", gen.LoadConfig{Users: 200000}, false, false},
}

// file is a load that was written.
type file struct {
	path  string
	bytes int64
	stats gen.LoadStats
}

// load writes a capture unless it is there.
func (b *bench) load(l load) (file, error) {
	f := file{path: filepath.Join(b.dir, l.name+".pcap")}
	out := io.Discard
	if _, err := os.Stat(f.path); err != nil {
		w, err := os.Create(f.path)
		if err != nil {
			return f, err
		}
		defer w.Close()
		out = w
	}
	buffered := bufio.NewWriterSize(out, 1<<20)
	var err error
	if f.stats, err = gen.Load(buffered, l.cfg); err != nil {
		return f, err
	}
	if err := buffered.Flush(); err != nil {
		return f, err
	}
	info, err := os.Stat(f.path)
	if err != nil {
		return f, err
	}
	f.bytes = info.Size()
	return f, nil
}
