//go:build unix

// Command bench measures imscope beside tcpdump, tshark and sngrep on generated captures, and prints
// the ratios as tables:
//
//	go run ./samples/bench [-quick] [-dir DIR] [-runs 5]
//
// Commands take turns, round by round, with the page cache warm; a ratio is the median of those within the rounds, so that
// it holds where the machine's speed drifts. Programs that are not installed are left out. Times are of
// whole processes; memory is the largest resident size.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

func main() {
	b := bench{w: os.Stdout}
	flag.StringVar(&b.dir, "dir", "", "keep the captures in `DIR` (default: a temporary directory, removed afterwards)")
	flag.IntVar(&b.runs, "runs", 5, "runs of each command, of which the median counts")
	flag.BoolVar(&b.quick, "quick", false, "only signalling of 2,000 and 20,000 users, without tshark and sngrep")
	flag.Parse()
	if err := b.run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type bench struct {
	w     io.Writer
	dir   string
	runs  int
	quick bool
	bin   string
}

func (b *bench) run() error {
	if b.dir == "" {
		tmp, err := os.MkdirTemp("", "imscope-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(tmp)
		b.dir = tmp
	}
	b.bin = filepath.Join(b.dir, "imscope")
	if out, err := exec.Command("go", "build", "-o", b.bin, "imscope/cmd/imscope").CombinedOutput(); err != nil {
		return fmt.Errorf("building imscope: %w\n%s", err, out)
	}
	fmt.Fprintf(b.w, "%s, %d cores, %s, medians of %d rounds\n", runtime.GOOS+"/"+runtime.GOARCH, runtime.NumCPU(), runtime.Version(), b.runs)
	for _, t := range []func() error{b.captures, b.growth, b.compressed} {
		if err := t(); err != nil {
			return err
		}
	}
	return nil
}

// analyze is imscope with everything told as JSON.
func (b *bench) analyze(path string) command {
	return command{name: "imscope analyze --format json", args: []string{b.bin, "analyze", "--format", "json", "--quiet", "--no-progress", path}}
}

// with is a command in other surroundings.
func (c command) with(name, env string) command {
	c.name, c.env = name, []string{env}
	return c
}

// captures measures each kind of capture beside tcpdump, which is the first command.
func (b *bench) captures() error {
	b.header("capture", "size", "packets", "SIP")
	for _, l := range loads {
		if b.quick && !l.quick {
			continue
		}
		f, err := b.load(l)
		if err != nil {
			return err
		}
		all := b.analyze(f.path)
		list := []command{
			{name: "tcpdump -w /dev/null", args: []string{"tcpdump", "-r", f.path, "-w", "/dev/null"}},
			all,
			all.with("imscope, one core", "GOMAXPROCS=1"),
			{name: "imscope analyze (text)", args: []string{b.bin, "analyze", "--quiet", "--no-progress", f.path}},
			{name: "imscope analyze --stream", args: []string{b.bin, "analyze", "--stream", "--quiet", "--no-progress", f.path}},
		}
		if l.whole {
			list = append(list, command{name: "imscope report", args: []string{b.bin, "report", "--quiet", "--no-progress", "-o", filepath.Join(b.dir, "report.html"), f.path}})
		}
		if l.whole && !b.quick {
			list = append(list,
				command{name: "tshark -Y sip -T fields", args: []string{"tshark", "-r", f.path, "-Y", "sip", "-T", "fields", "-e", "sip.Method"}, once: true},
				command{name: "sngrep -N -q", args: []string{"sngrep", "-N", "-q", "-l", "500000", "-I", f.path}, once: true})
		}
		if err := b.rows(list, l.what, fmt.Sprintf("%d MB", f.bytes>>20), fmt.Sprint(f.stats.Packets), fmt.Sprint(f.stats.SIPMessages)); err != nil {
			return err
		}
	}
	return nil
}

// growth measures ten times as much with each step.
func (b *bench) growth() error {
	b.header("users", "size")
	var list []command
	for _, l := range growing {
		if b.quick && !l.quick {
			continue
		}
		f, err := b.load(l)
		if err != nil {
			return err
		}
		c := b.analyze(f.path)
		c.cells = []string{fmt.Sprint(l.cfg.Users), fmt.Sprintf("%.1f MB", float64(f.bytes)/(1<<20))}
		list = append(list, c)
	}
	return b.rows(list)
}

// compressed measures compressed input beside what unpacks it alone.
func (b *bench) compressed() error {
	f, err := b.load(loads[1])
	if err != nil {
		return err
	}
	b.header("capture")
	for _, c := range []struct{ program, end string }{{"gzip", ".gz"}, {"zstd", ".zst"}} {
		if _, err := exec.LookPath(c.program); err != nil {
			continue
		}
		packed := f.path + c.end
		if _, err := os.Stat(packed); err != nil {
			if out, err := exec.Command(c.program, "-k", f.path).CombinedOutput(); err != nil {
				return fmt.Errorf("%s: %w\n%s", c.program, err, out)
			}
		}
		if err := b.rows([]command{{name: c.program + " -dc", args: []string{c.program, "-dc", packed}}, b.analyze(packed)}, loads[1].what+", "+c.program); err != nil {
			return err
		}
	}
	return nil
}
