package network

import "slices"

// Origin is where bytes come from: a frame of a capture.
type Origin struct {
	Frame uint32
	File  uint16
	Time  int64 // nanoseconds since the Unix epoch
}

// maxFrames is how many frame numbers are kept with one message. A message of 1 MiB in segments of an Ethernet has
// 750; one in smaller pieces keeps its first frames and its last.
const maxFrames = 1024

// addFrame appends a frame number to an ascending list without duplicates.
func addFrame(list []uint32, f uint32) []uint32 {
	n := len(list)
	switch {
	case n == 0 || f > list[n-1]:
		if n == maxFrames {
			list[n-1] = f
			return list
		}
		return append(list, f)
	case n == maxFrames:
		return list
	}
	i, found := slices.BinarySearch(list, f)
	if found {
		return list
	}
	return slices.Insert(list, i, f)
}
