package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// bytesFlag is a number of bytes: "4096", "100M", "1GiB". Units are powers of 1024.
type bytesFlag int64

func (b bytesFlag) String() string {
	switch n := int64(b); {
	case n == 0:
		return ""
	case n%(1<<30) == 0:
		return strconv.FormatInt(n>>30, 10) + "GiB"
	case n%(1<<20) == 0:
		return strconv.FormatInt(n>>20, 10) + "MiB"
	case n%(1<<10) == 0:
		return strconv.FormatInt(n>>10, 10) + "KiB"
	default:
		return strconv.FormatInt(n, 10)
	}
}

func (b *bytesFlag) Type() string { return "SIZE" }

func (b *bytesFlag) Set(s string) error {
	digits := strings.TrimRight(strings.ToLower(s), "kmgib ")
	unit := int64(1)
	switch strings.TrimSpace(strings.ToLower(s[len(digits):])) {
	case "", "b":
	case "k", "kb", "kib":
		unit = 1 << 10
	case "m", "mb", "mib":
		unit = 1 << 20
	case "g", "gb", "gib":
		unit = 1 << 30
	default:
		return fmt.Errorf("%q is no size; 100MiB is one", s)
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n <= 0 {
		return fmt.Errorf("%q is no size; 100MiB is one", s)
	}
	if n > (1<<62)/unit {
		return errors.New("too large")
	}
	*b = bytesFlag(n * unit)
	return nil
}
