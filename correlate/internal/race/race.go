//go:build race

package race

// Enabled: pools forget at random then, and more is allocated.
const Enabled = true
