package text_test

import (
	"testing"

	"imscope/render"
	"imscope/render/internal/fixture"
	"imscope/render/internal/golden"
)

// TestAnatomy: registrations that went every way, and parties who disagree.
func TestAnatomy(t *testing.T) {
	golden.Compare(t, "anatomy.120.txt", show(t, fixture.Anatomy(), render.Options{}))
	golden.Compare(t, "anatomy.all.80.txt", show(t, fixture.Anatomy(), render.Options{Width: 80, All: true}))
}
