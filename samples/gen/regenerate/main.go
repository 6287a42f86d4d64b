// Command regenerate writes the captures of package samples from their scripts. Run it from the
// samples folder: go run ./gen/regenerate
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"imscope/samples/gen"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(names []string) error {
	for _, name := range names {
		var out bytes.Buffer
		if err := gen.Capture(&out, os.DirFS("script"), name); err != nil {
			return err
		}
		file := strings.TrimSuffix(filepath.Base(name), ".txt") + ".pcapng"
		if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}
