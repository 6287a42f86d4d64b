package cli

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

const (
	// progressAfter is how long a command may take without anybody wondering.
	progressAfter = time.Second
	// progressEvery is how often the line changes.
	progressEvery = 200 * time.Millisecond
)

// progress shows how much was read until stop is called, if it takes long. state is called from another
// goroutine; total may be 0 where it is unknown.
func progress(w io.Writer, after time.Duration, state func() (read, total int64)) (stop func()) {
	began := time.Now()
	quit := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		select {
		case <-quit:
			return
		case <-time.After(after):
		}
		tick := time.NewTicker(progressEvery)
		defer tick.Stop()
		for shown := 0; ; {
			read, total := state()
			line := progressLine(read, total, time.Since(began))
			fmt.Fprintf(w, "\r%-*s", shown, line)
			shown = len(line)
			select {
			case <-quit:
				fmt.Fprintf(w, "\r%s\r", strings.Repeat(" ", shown))
				return
			case <-tick.C:
			}
		}
	})
	return func() {
		close(quit)
		wg.Wait()
	}
}

// progressLine says how far reading is, in less than 30 columns: a line that a terminal breaks cannot be taken back.
func progressLine(read, total int64, since time.Duration) string {
	if total <= 0 || read <= 0 {
		return fmt.Sprintf("reading %s, %s/s", bytesText(float64(read)), bytesText(float64(read)/max(since.Seconds(), 1e-3)))
	}
	read = min(read, total)
	left := time.Duration(float64(since) * float64(total-read) / float64(read))
	text := fmt.Sprintf("%d s", int(left.Seconds()+0.5))
	if left > 2*time.Minute {
		text = fmt.Sprintf("%d min", int(left.Minutes()+0.5))
	}
	return fmt.Sprintf("reading %d %%, %s left", 100*read/total, text)
}

// bytesText gives a number of bytes in three digits.
func bytesText(n float64) string {
	units := []string{"B", "kB", "MB", "GB", "TB"}
	for n >= 999.5 && len(units) > 1 {
		n, units = n/1000, units[1:]
	}
	return fmt.Sprintf("%.3g %s", n, units[0])
}
