package cli

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"imscope/cmd/internal/pcapng"
	"imscope/decode/capture"
)

// tap is one end of a connection whose writes are recorded.
type tap struct {
	net.Conn
	mu   *sync.Mutex
	sent *[][2]string // who, what
	who  string
}

func (c *tap) Write(b []byte) (int, error) {
	c.mu.Lock()
	*c.sent = append(*c.sent, [2]string{c.who, string(b)})
	c.mu.Unlock()
	return c.Conn.Write(b)
}

// overTLS writes a capture of requests and their answers over TLS, with its secrets.
func overTLS(t *testing.T, path string, dialog [][2]string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	var sent [][2]string
	var mu sync.Mutex
	a, b := net.Pipe()
	client := tls.Client(&tap{a, &mu, &sent, "client"}, &tls.Config{InsecureSkipVerify: true, KeyLogWriter: &log})
	server := tls.Server(&tap{b, &mu, &sent, "server"}, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, SessionTicketsDisabled: true})
	done := make(chan error, 1)
	go func() {
		buf := make([]byte, 64<<10)
		for _, d := range dialog {
			if _, err := io.ReadFull(server, buf[:len(d[0])]); err != nil {
				done <- err
				return
			}
			if _, err := io.WriteString(server, d[1]); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	buf := make([]byte, 64<<10)
	for _, d := range dialog {
		if _, err := io.WriteString(client, d[0]); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(client, buf[:len(d[1])]); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}

	var out bytes.Buffer
	w := pcapng.NewWriter(&out, pcapng.Options{})
	w.Secrets(capture.Secret{Type: 0x544c534b, Data: log.Bytes()})
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC).UnixNano()
	seq := map[string]uint32{"client": 1000, "server": 2000}
	segment := func(who string, syn bool, payload string) {
		now += int64(time.Millisecond)
		ip := &layers.IPv4{Version: 4, TTL: 60, Protocol: layers.IPProtocolTCP, SrcIP: net.IP{10, 0, 0, 1}, DstIP: net.IP{10, 0, 0, 2}}
		h := &layers.TCP{SrcPort: 40000, DstPort: 5061, Window: 9000, Seq: seq[who], SYN: syn, ACK: true}
		if who == "server" {
			ip.SrcIP, ip.DstIP = ip.DstIP, ip.SrcIP
			h.SrcPort, h.DstPort = h.DstPort, h.SrcPort
		}
		_ = h.SetNetworkLayerForChecksum(ip)
		sb := gopacket.NewSerializeBuffer()
		if err := gopacket.SerializeLayers(sb, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, ip, h, gopacket.Payload(payload)); err != nil {
			t.Fatal(err)
		}
		seq[who] += uint32(len(payload))
		if syn {
			seq[who]++
		}
		if err := w.Packet(&capture.Packet{Data: sb.Bytes(), Time: now, Link: capture.LinkRaw, OrigLen: uint32(len(sb.Bytes()))}); err != nil {
			t.Fatal(err)
		}
	}
	segment("client", true, "")
	segment("server", true, "")
	for _, s := range sent {
		for b := s[1]; b != ""; {
			n := min(len(b), 1400)
			segment(s[0], false, b[:n])
			b = b[n:]
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

func sipDialog(user, id string) [2]string {
	head := "Via: SIP/2.0/TLS 10.0.0.1;branch=z9hG4bK" + id + "\r\nFrom: <sip:" + user + "@home1.fr>;tag=1\r\nTo: <sip:" + user + "@home1.fr>\r\nCall-ID: " + id + "\r\nCSeq: 1 REGISTER\r\nContact: <sip:" + user + "@10.0.0.1>\r\n"
	return [2]string{"REGISTER sip:home1.fr SIP/2.0\r\n" + head + "Max-Forwards: 70\r\nExpires: 3600\r\nContent-Length: 0\r\n\r\n", "SIP/2.0 200 OK\r\n" + head + "Expires: 3600\r\nContent-Length: 0\r\n\r\n"}
}

// What came out of TLS is extracted with all of its connection and with its secrets, so that it can be opened again.
// Redacted as messages it tells the same; as packets it cannot be told at all.
func TestExtractTLS(t *testing.T) {
	dir := t.TempDir()
	path, out := filepath.Join(dir, "tls.pcapng"), filepath.Join(dir, "out.pcapng")
	overTLS(t, path, [][2]string{sipDialog("anna", "a1"), sipDialog("bert", "b1")})
	whole := analyzed(t, path)
	if n := len(whole["users"].([]any)); n != 2 {
		t.Fatalf("%d users", n)
	}
	all, _ := packets(t, path)
	_, errs := must(t, "extract", path, "--user", "anna", "-w", out)
	if !strings.Contains(errs, "2 messages of others: REGISTER to sip:bert@home1.fr, 200 to sip:bert@home1.fr") {
		t.Errorf("stderr %q", errs)
	}
	part, _ := packets(t, out)
	wantUser, _ := about(t, whole, "sip:anna@home1.fr")
	gotUser, _ := about(t, analyzed(t, out), "sip:anna@home1.fr")
	if d := difference("user", gotUser, renumbered(t, wantUser, "", renumber(t, all, part))); d != "" {
		t.Error(d)
	}

	told, _ := must(t, "analyze", path, "--redact", "--redact-key", "k")
	if strings.Contains(told, "anna") || !strings.Contains(told, "2 users") {
		t.Errorf("redacted:\n%s", told)
	}
	_, errs = must(t, "extract", path, "--all", "--redact", "-w", out)
	if !strings.Contains(errs, "cannot be redacted") {
		t.Errorf("stderr %q", errs)
	}
	if data, _ := os.ReadFile(out); bytes.Contains(data, []byte("CLIENT_")) || bytes.Contains(data, []byte{0x16, 3, 1}) {
		t.Error("secrets or records of TLS are left")
	}
}
