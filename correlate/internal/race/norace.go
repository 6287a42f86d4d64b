//go:build !race

// Package race tells tests that count allocations whether the race detector is at work, which allocates on its own.
package race

// Enabled reports whether the race detector is at work.
const Enabled = false
