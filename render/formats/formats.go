// Package formats knows every output format by its name.
package formats

import (
	"fmt"
	"strings"

	"imscope/render"
	"imscope/render/json"
	"imscope/render/text"
)

// Names lists the formats for help and completion, the default one first.
func Names() []string { return []string{"text", "json", "ndjson"} }

// New gives the renderer of a format.
func New(name string, opt render.Options) (render.Renderer, error) {
	switch name {
	case "text":
		return text.New(opt), nil
	case "json":
		return json.New(opt), nil
	case "ndjson":
		return json.NewLines(opt), nil
	}
	return nil, fmt.Errorf("unknown format %q (%s)", name, strings.Join(Names(), ", "))
}
