package cli

import "testing"

func TestStreamedUsers(t *testing.T) {
	if got := streamed(20_000, 0); got != "20,000 users" {
		t.Error(got)
	}
	if got := streamed(25_033, 5_033); got != "at most 25,033 users" {
		t.Error(got)
	}
}
