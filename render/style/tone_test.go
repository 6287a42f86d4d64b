package style

import (
	"math"
	"strconv"
	"testing"
)

// luminance is the relative luminance of WCAG 2.1.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) != 7 || hex[0] != '#' {
		t.Fatalf("%q is no colour", hex)
	}
	v, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	part := func(c uint64) float64 {
		x := float64(c&255) / 255
		if x <= 0.03928 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*part(v>>16) + 0.7152*part(v>>8) + 0.0722*part(v)
}

func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestContrast holds every colour of text against every paper that it is put on.
func TestContrast(t *testing.T) {
	for _, text := range []Tone{Ink, Dim, Link, SIP, Cx, Success, Failure, Doubt, Network} {
		for _, paper := range []Tone{Paper, Surface, Marked, Picked} {
			for _, c := range [][2]string{{text.Colour().Light, paper.Colour().Light}, {text.Colour().Dark, paper.Colour().Dark}} {
				if got := contrast(t, c[0], c[1]); got < 4.5 {
					t.Errorf("%s on %s (%s on %s): %.2f to 1", text, paper, c[0], c[1], got)
				}
			}
		}
	}
	for _, area := range []Tone{Bound, Unbound} {
		for _, c := range [][2]string{{Ink.Colour().Light, area.Colour().Light}, {Ink.Colour().Dark, area.Colour().Dark}} {
			if got := contrast(t, c[0], c[1]); got < 4.5 {
				t.Errorf("text on %s: %.2f to 1", area, got)
			}
		}
	}
}

// TestGrey: what differs by colour alone on a page differs on a grey print as well.
func TestGrey(t *testing.T) {
	for _, pair := range [][2]Tone{{Bound, Paper}, {Bound, Unbound}, {Lifeline, Paper}} {
		if got := contrast(t, pair[0].Colour().Light, pair[1].Colour().Light); got < 1.3 {
			t.Errorf("%s and %s look the same in grey: %.2f to 1", pair[0], pair[1], got)
		}
	}
}

func TestTones(t *testing.T) {
	seen := map[string]bool{}
	for _, tone := range Tones() {
		if tone.String() == "" || seen[tone.String()] {
			t.Errorf("tone %d has the name %q", tone, tone)
		}
		seen[tone.String()] = true
	}
	if Tone(200).Colour() != Ink.Colour() || Tone(200).String() != "ink" {
		t.Error("an unknown tone is not ink")
	}
	if Bad.Class() != "bad" || Plain.Class() != "" || Role(99).Class() != "" {
		t.Error("classes of roles")
	}
}
