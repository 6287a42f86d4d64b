package decode

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestESPInWireshark: Wireshark, told the keys by hand, finds the same messages in ESP, and their ICVs right.
func TestESPInWireshark(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed: nothing to compare with")
	}
	packets, ck, ik := agreed(t)
	for _, c := range protections(ck, ik) {
		t.Run(c.encryption+", "+c.integrity, func(t *testing.T) {
			closed := sealAll(packets, c.block, c.mac)
			path := filepath.Join(t.TempDir(), "sealed.pcap")
			if err := os.WriteFile(path, pcapFile(101, closed...), 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command("tshark", "-r", path, "-o", "esp.enable_encryption_decode:TRUE", "-o", "esp.enable_authentication_check:TRUE",
				"-o", fmt.Sprintf(`uat:esp_sa:"IPv4","*","*","*","%s","0x%x","%s","0x%x"`, c.encryption, c.ck, c.integrity, c.ik),
				"-Y", "esp && sip", "-T", "fields", "-e", "frame.number", "-e", "esp.icv_good", "-e", "sip.Method", "-e", "sip.Status-Code").Output()
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for line := range strings.Lines(string(out)) {
				f := strings.Split(strings.TrimSpace(line), "\t")
				if f[1] != "1" && f[1] != "True" {
					t.Errorf("tshark finds another ICV: %q", line)
				}
				want = append(want, f[0]+".0 "+f[len(f)-1])
			}
			var got []string
			lines, _ := run(t, newMemory(closed...), Options{})
			for _, line := range lines {
				if strings.Contains(line, "[esp ") {
					got = append(got, strings.Join(strings.Fields(line)[:2], " "))
				}
			}
			if len(got) == 0 || !slices.Equal(got, want) {
				t.Errorf("got\n%s\ntshark\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}
