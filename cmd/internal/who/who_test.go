package who

import "testing"

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"tobias", "tobias", 0}, {"tobias", "tobais", 2}, {"anna", "anne", 1}, {"a", "", 1}, {"kitten", "sitting", 3}, {"short", "muchlonger", 3}} {
		if got := Distance(c.a, c.b, 2); got != c.want {
			t.Errorf("%s, %s: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
