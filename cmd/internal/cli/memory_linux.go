package cli

import "golang.org/x/sys/unix"

// memory gives the bytes of this machine's memory, 0 where that is not known.
func memory() int64 {
	var info unix.Sysinfo_t
	if unix.Sysinfo(&info) != nil {
		return 0
	}
	return int64(info.Totalram) * int64(info.Unit)
}
