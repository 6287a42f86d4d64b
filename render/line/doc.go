// Package line words what a live run emits as one line each: when, who, what, on which way, in which frame.
package line
