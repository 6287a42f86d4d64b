package decode

import (
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"hash"
)

// TestESPInWireshark: Wireshark, told the keys by hand, finds the same messages in ESP, and their ICVs right.
func TestESPInWireshark(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed: nothing to compare with")
	}
	packets, ck, ik := agreed(t)
	block, _ := aes.NewCipher(ck)
	triple, _ := des.NewTripleDESCipher(slices.Concat(ck, ck[:8]))
	for _, c := range []struct {
		encryption, ck, integrity, ik string
		block                         cipher.Block
		mac                           hash.Hash
	}{
		{"AES-CBC [RFC3602]", hex.EncodeToString(ck), "HMAC-SHA-1-96 [RFC2404]", hex.EncodeToString(ik) + "00000000", block, hmac.New(sha1.New, append(slices.Clone(ik), 0, 0, 0, 0))},
		{"TripleDES-CBC [RFC2451]", hex.EncodeToString(slices.Concat(ck, ck[:8])), "HMAC-MD5-96 [RFC2403]", hex.EncodeToString(ik), triple, hmac.New(md5.New, ik)},
	} {
		t.Run(c.encryption, func(t *testing.T) {
			closed := sealAll(packets, c.block, c.mac)
			path := filepath.Join(t.TempDir(), "sealed.pcap")
			if err := os.WriteFile(path, pcapFile(101, closed...), 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command("tshark", "-r", path, "-o", "esp.enable_encryption_decode:TRUE", "-o", "esp.enable_authentication_check:TRUE",
				"-o", fmt.Sprintf(`uat:esp_sa:"IPv4","*","*","*","%s","0x%s","%s","0x%s"`, c.encryption, c.ck, c.integrity, c.ik),
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
