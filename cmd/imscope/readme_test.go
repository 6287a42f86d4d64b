package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// What README shows is what the command prints: the lines between two "…" one below the other.
func TestReadmeExample(t *testing.T) {
	b, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "```\n$ ")
	block, _, _ := strings.Cut(rest, "```")
	command, shown, _ := strings.Cut(block, "\n")
	args, ok := strings.CutPrefix(command, "go run ./cmd/imscope ")
	if !ok {
		t.Fatalf("README begins with %q", command)
	}
	cmd := exec.Command("imscope", strings.Fields(args)...)
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	got := string(out)
	var part string
	for line := range strings.Lines(shown + "…\n") {
		if strings.TrimSpace(line) != "…" {
			part += line
			continue
		}
		_, behind, found := strings.Cut(got, part)
		if !found {
			t.Fatalf("not printed, or not there:\n%s", part)
		}
		got, part = behind, ""
	}
}
