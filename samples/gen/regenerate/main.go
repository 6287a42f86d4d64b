// Command regenerate writes captures of package samples from their scripts: "regenerate NAME..." reads
// script/NAME.txt and writes NAME.pcapng. It runs in the samples folder; "go generate" there calls it
// for all of them.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"imscope/samples/gen"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "regenerate:", err)
		os.Exit(1)
	}
}

func run(names []string) error {
	if len(names) == 0 {
		return errors.New("no name of a script given")
	}
	scripts := os.DirFS("script")
	for _, name := range names {
		var out bytes.Buffer
		if err := gen.Capture(&out, scripts, name+".txt"); err != nil {
			return err
		}
		if err := os.WriteFile(name+".pcapng", out.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}
