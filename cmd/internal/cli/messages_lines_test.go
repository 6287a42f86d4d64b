package cli

import (
	"testing"

	"github.com/clipperhouse/displaywidth"
)

func TestShortUser(t *testing.T) {
	for _, c := range []struct {
		name string
		most int
		want string
	}{
		{"sip:tobias@home1.fr", 24, "tobias@home1.fr"},
		{"sip:tobias@home1.fr", 10, "tobias"},
		{"sip:001010000000005@ims.mnc001.mcc001.3gppnetwork.org", 24, "001010000000005"},
		{"sip:001010000000005@ims.mnc001.mcc001.3gppnetwork.org", 10, "…000000005"},
		{"tel:+15550000002", 24, "+15550000002"},
		{"tobias", 0, "…"},
		{"", 0, ""},
	} {
		if got := shortUser(c.name, c.most); got != c.want || displaywidth.String(got) > max(c.most, 1) {
			t.Errorf("%q in %d: %q, want %q", c.name, c.most, got, c.want)
		}
	}
}
