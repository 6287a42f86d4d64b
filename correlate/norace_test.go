//go:build !race

package correlate

const race = false
