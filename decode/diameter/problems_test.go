package diameter

import (
	"strings"
	"testing"
)

func TestCodes(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Codes {
		if !strings.HasPrefix(c.ID, "diameter-") || c.Title == "" || seen[c.ID] {
			t.Errorf("code %q, title %q: missing, repeated or without prefix", c.ID, c.Title)
		}
		seen[c.ID] = true
	}
}
