//go:build race

package correlate

// race: pools forget at random, and more is allocated.
const race = true
