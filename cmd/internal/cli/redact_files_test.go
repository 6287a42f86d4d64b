package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// People name captures after those who complained: a redacted report counts its files, and does not lead to them.
func TestRedactFiles(t *testing.T) {
	data, err := os.ReadFile(sampleFiles(t)[0])
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	in := filepath.Join(dir, "Mustermann.pcapng")
	for name, content := range map[string][]byte{in: data, filepath.Join(dir, "about Mustermann.txt"): []byte("a note"), filepath.Join(dir, "Mustermann.keys"): nil} {
		if err := os.WriteFile(name, content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	sum := sha256.Sum256(data)
	html, md := filepath.Join(t.TempDir(), "a.html"), filepath.Join(t.TempDir(), "a.md")
	keys := filepath.Join(dir, "Mustermann.keys")
	for _, args := range [][]string{{"report", dir, "-o", html, "--tls-keylog", keys, "--quiet"}, {"report", dir, "-o", md}, {"analyze", dir}, {"analyze", dir, "--format", "json"},
		{"analyze", dir, "--view", "ladder"}, {"stats", dir}, {"messages", dir}, {"analyze", dir, "--stream"}, {"compare", in, in}} {
		out, errs := must(t, append(args, "--redact", "--redact-key", redactKey)...)
		for _, file := range []string{html, md} {
			b, _ := os.ReadFile(file)
			out += string(b)
		}
		for _, secret := range []string{"ustermann", hex.EncodeToString(sum[:])} {
			if strings.Contains(out+errs, secret) {
				t.Errorf("%q: %s is left", args, secret)
			}
		}
	}
	for _, file := range []string{html, md} {
		b, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(b), "capture 1") || !strings.Contains(string(b), "--redact") || !strings.Contains(string(b), "none: names are replaced") {
			t.Errorf("%s: %v", file, err)
		}
	}
}
