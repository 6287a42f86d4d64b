//go:build !linux

package cli

// memory gives the bytes of this machine's memory, 0 where that is not known.
func memory() int64 { return 0 }
