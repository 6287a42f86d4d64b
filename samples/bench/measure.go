//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// command is what is measured.
type command struct {
	name  string
	args  []string
	env   []string
	once  bool     // too slow for more than one run
	cells []string // of its row, before those of all
}

// result is one run of a command, or the median of several.
type result struct {
	wall, cpu time.Duration
	rss       int64 // KiB
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
	if err != nil {
		err = fmt.Errorf("%s: %w", strings.Join(c.args, " "), err)
	}
	return r, err
}

// measure lets commands take turns, after a round that warms up. It gives each command's runs.
func measure(list []command, rounds int) ([][]result, error) {
	out := make([][]result, len(list))
	for round := range rounds + 1 {
		for i, c := range list {
			if c.once && round != rounds {
				continue
			}
			r, err := once(c)
			if err != nil {
				return nil, err
			}
			if round > 0 {
				out[i] = append(out[i], r)
			}
		}
	}
	return out, nil
}

// median gives the middle of what f gives for each of n.
func median(n int, f func(i int) float64) float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = f(i)
	}
	slices.Sort(v)
	return v[n/2]
}

// header begins a table whose rows begin with these columns.
func (b *bench) header(columns ...string) {
	columns = append(columns, "command", "wall", "CPU", "memory", "to the first")
	fmt.Fprintf(b.w, "\n| %s |\n|%s\n", strings.Join(columns, " | "), strings.Repeat("---|", len(columns)))
}

// rows measures commands and prints a row for each: medians, and the ratio of wall time to the first one's.
func (b *bench) rows(list []command, cells ...string) error {
	list = slices.DeleteFunc(list, func(c command) bool { _, err := exec.LookPath(c.args[0]); return err != nil })
	runs, err := measure(list, b.runs)
	if err != nil {
		return err
	}
	for i, c := range list {
		all := runs[i]
		of := func(f func(r result) float64) float64 {
			return median(len(all), func(k int) float64 { return f(all[k]) })
		}
		ratio := median(len(all), func(k int) float64 {
			first := runs[0]
			return float64(all[k].wall) / float64(first[len(first)-len(all)+k].wall)
		})
		fmt.Fprintf(b.w, "| %s | %s | %.3f s | %.3f s | %.0f MB | %.1f× |\n", strings.Join(append(slices.Clone(c.cells), cells...), " | "), c.name,
			of(func(r result) float64 { return r.wall.Seconds() }), of(func(r result) float64 { return r.cpu.Seconds() }),
			of(func(r result) float64 { return float64(r.rss) / 1024 }), ratio)
	}
	return nil
}
