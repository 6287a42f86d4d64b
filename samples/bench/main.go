//go:build unix

// Command bench measures imscope beside tcpdump, tshark and sngrep on generated captures, and prints
// the ratios as a table:
//
//	go run ./samples/bench [-quick] [-dir DIR] [-runs 5]
//
// Each figure is the median of some runs in turn, page cache warm. Programs that are not installed are
// left out. Times are of whole processes; memory is the largest resident size.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"imscope/samples/gen"
)

// load is a capture to measure with.
type load struct {
	name, what string
	cfg        gen.LoadConfig
}

// The three captures: signalling only, 2 % signalling among RTP, and many users. The small ones show
// how cost grows with size.
var loads = []load{
	{"signalling-2k", "signalling only, 2,000 users", gen.LoadConfig{Users: 2000}},
	{"signalling-20k", "signalling only, 20,000 users", gen.LoadConfig{Users: 20000}},
	{"rtp-heavy", "2 % signalling, the rest RTP", gen.LoadConfig{Users: 6759, RTPPerMessage: 49}},
	{"signalling-100k", "signalling only, 100,000 users", gen.LoadConfig{Users: 100000}},
}

func main() {
	dir := flag.String("dir", "", "keep the captures in `DIR` (default: a temporary directory, removed afterwards)")
	runs := flag.Int("runs", 5, "runs of each command, of which the median counts")
	quick := flag.Bool("quick", false, "only the captures of 2,000 and 20,000 users, without tshark and sngrep")
	flag.Parse()
	if err := run(os.Stdout, *dir, *runs, *quick); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, dir string, runs int, quick bool) error {
	if dir == "" {
		tmp, err := os.MkdirTemp("", "imscope-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(tmp)
		dir = tmp
	}
	bin := filepath.Join(dir, "imscope")
	if out, err := exec.Command("go", "build", "-o", bin, "imscope/cmd/imscope").CombinedOutput(); err != nil {
		return fmt.Errorf("building imscope: %w\n%s", err, out)
	}
	fmt.Fprintf(w, "%s, %d cores, %s, medians of %d\n\n", runtime.GOOS+"/"+runtime.GOARCH, runtime.NumCPU(), runtime.Version(), runs)
	fmt.Fprintln(w, "| capture | size | packets | SIP | command | wall | CPU | memory | to tcpdump |")
	fmt.Fprintln(w, "|---|---:|---:|---:|---|---:|---:|---:|---:|")
	for _, l := range loads {
		if quick && !strings.HasPrefix(l.name, "signalling-2") {
			continue
		}
		path := filepath.Join(dir, l.name+".pcap")
		st, err := write(path, l.cfg)
		if err != nil {
			return err
		}
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		base := time.Duration(0)
		for _, c := range commands(bin, path, quick) {
			if _, err := exec.LookPath(c.args[0]); err != nil {
				continue
			}
			m, err := measure(c, runs)
			if err != nil {
				return fmt.Errorf("%s: %w", strings.Join(c.args, " "), err)
			}
			ratio := "1"
			if base == 0 {
				base = m.wall
			} else {
				ratio = fmt.Sprintf("%.1f×", float64(m.wall)/float64(base))
			}
			fmt.Fprintf(w, "| %s | %d MB | %d | %d | %s | %.3f s | %.3f s | %d MB | %s |\n", l.what, info.Size()>>20, st.Packets, st.SIPMessages,
				c.name, m.wall.Seconds(), m.cpu.Seconds(), m.rss>>10, ratio)
		}
	}
	return nil
}

// write makes a capture unless it is there.
func write(path string, cfg gen.LoadConfig) (gen.LoadStats, error) {
	if _, err := os.Stat(path); err == nil {
		return gen.Load(io.Discard, cfg)
	}
	f, err := os.Create(path)
	if err != nil {
		return gen.LoadStats{}, err
	}
	defer f.Close()
	b := bufio.NewWriterSize(f, 1<<20)
	st, err := gen.Load(b, cfg)
	if err == nil {
		err = b.Flush()
	}
	return st, err
}

// command is what is measured.
type command struct {
	name string
	args []string
	once bool // too slow for more than one run
	env  []string
}

func commands(bin, path string, quick bool) []command {
	list := []command{
		{name: "tcpdump -w /dev/null", args: []string{"tcpdump", "-r", path, "-w", "/dev/null"}},
		{name: "imscope analyze --format json", args: []string{bin, "analyze", "--format", "json", "--quiet", "--no-progress", path}},
		{name: "imscope, one core", args: []string{bin, "analyze", "--format", "json", "--quiet", "--no-progress", path}, env: []string{"GOMAXPROCS=1"}},
		{name: "imscope analyze (text)", args: []string{bin, "analyze", "--quiet", "--no-progress", path}},
	}
	if quick {
		return list
	}
	return append(list,
		command{name: "tshark -Y sip -T fields", args: []string{"tshark", "-r", path, "-Y", "sip", "-T", "fields", "-e", "sip.Method"}, once: true},
		command{name: "sngrep -N -q", args: []string{"sngrep", "-N", "-q", "-l", "500000", "-I", path}, once: true})
}

// result is the median of a command's runs.
type result struct {
	wall, cpu time.Duration
	rss       int64 // KiB
}

func measure(c command, runs int) (result, error) {
	if c.once {
		runs = 1
	} else if _, err := once(c); err != nil { // warm up
		return result{}, err
	}
	var all []result
	for range runs {
		r, err := once(c)
		if err != nil {
			return r, err
		}
		all = append(all, r)
	}
	median := func(f func(result) int64) int64 {
		v := make([]int64, len(all))
		for i, r := range all {
			v[i] = f(r)
		}
		slices.Sort(v)
		return v[len(v)/2]
	}
	return result{time.Duration(median(func(r result) int64 { return int64(r.wall) })),
		time.Duration(median(func(r result) int64 { return int64(r.cpu) })), median(func(r result) int64 { return r.rss })}, nil
}

func once(c command) (result, error) {
	cmd := exec.Command(c.args[0], c.args[1:]...)
	cmd.Env = append(os.Environ(), c.env...)
	start := time.Now()
	err := cmd.Run()
	r := result{wall: time.Since(start)}
	if s := cmd.ProcessState; s != nil {
		r.cpu = s.UserTime() + s.SystemTime()
		if ru, ok := s.SysUsage().(*syscall.Rusage); ok {
			r.rss = ru.Maxrss
		}
	}
	return r, err
}
