package cli

import (
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

const (
	// progressAfter is how long a command may take without anybody wondering.
	progressAfter = time.Second
	// progressEvery is how often the bar moves.
	progressEvery = 100 * time.Millisecond
)

// progress shows how much was read until stop is called, if it takes long. state is called from another
// goroutine; total may be 0 where it is unknown.
func progress(w io.Writer, after time.Duration, state func() (read, total int64)) (stop func()) {
	quit := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		select {
		case <-quit:
			return
		case <-time.After(after):
		}
		read, total := state()
		if total <= 0 {
			total = -1
		}
		bar := progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(w),
			progressbar.OptionSetDescription("reading"),
			progressbar.OptionShowBytes(true),
			progressbar.OptionSetWidth(30),
			progressbar.OptionThrottle(progressEvery/2),
			progressbar.OptionClearOnFinish(),
		)
		tick := time.NewTicker(progressEvery)
		defer tick.Stop()
		for {
			if total > 0 {
				read = min(read, total-1) // a full bar would take itself for finished
			}
			_ = bar.Set64(read) // a bar that cannot be drawn is no failure
			select {
			case <-quit:
				_ = bar.Clear()
				return
			case <-tick.C:
			}
			read, _ = state()
		}
	})
	return func() {
		close(quit)
		wg.Wait()
	}
}
