//go:build unix

package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// onHangup puts a token into to when SIGHUP comes, until the function it returns is called.
func onHangup(to chan<- struct{}) (stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGHUP)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-signals:
				select {
				case to <- struct{}{}:
				default: // one is waiting already
				}
			case <-done:
				return
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(done)
	}
}
