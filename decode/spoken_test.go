package decode

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"imscope/decode/network"
)

// turn is what one side sends at a time.
type turn struct {
	server bool
	data   string
}

// spoken is what was seen of a TLS connection: the bytes in the order in which they were sent.
type spoken struct {
	turns []turn
	log   bytes.Buffer
	isn   uint32
}

// recorder is a connection whose writes are recorded.
type recorder struct {
	net.Conn
	mu     *sync.Mutex
	to     *spoken
	server bool
}

func (r *recorder) Write(b []byte) (int, error) {
	r.mu.Lock()
	r.to.turns = append(r.to.turns, turn{r.server, string(b)})
	r.mu.Unlock()
	return r.Conn.Write(b)
}

// certificate makes a certificate for a key of the type that the cipher suites want.
func certificate(t testing.TB, rsaKey bool) tls.Certificate {
	t.Helper()
	var public, private any
	if rsaKey {
		k, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		public, private = &k.PublicKey, k
	} else {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		public, private = &k.PublicKey, k
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "pcscf"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: private}
}

// speak lets Go's TLS hold a conversation and records it.
func speak(t testing.TB, server, client *tls.Config, turns []turn) *spoken {
	t.Helper()
	out := &spoken{}
	a, b := net.Pipe()
	var mu sync.Mutex
	client.KeyLogWriter, client.InsecureSkipVerify = &out.log, true
	s := tls.Server(&recorder{a, &mu, out, true}, server)
	c := tls.Client(&recorder{b, &mu, out, false}, client)
	done := make(chan error, 1)
	go func() {
		for _, turn := range turns {
			if turn.server {
				if _, err := io.WriteString(s, turn.data); err != nil {
					done <- err
					return
				}
			} else if _, err := io.ReadFull(s, make([]byte, len(turn.data))); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for _, turn := range turns {
		var err error
		if turn.server {
			_, err = io.ReadFull(c, make([]byte, len(turn.data)))
		} else {
			_, err = io.WriteString(c, turn.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	go io.Copy(io.Discard, a) // net.Pipe does not hold what nobody reads
	c.Close()
	a.Close()
	b.Close()
	return out
}

// packets makes the packets of a conversation, cut into segments of at most n bytes.
func (s *spoken) packets(t testing.TB, n int) [][]byte {
	port := mustAddr("10.46.0.2:5061")
	seq := [2]uint32{0xfffffff0 + s.isn, 5000 + s.isn}
	out := [][]byte{tcp(t, ue, port, seq[0], network.FlagSYN, ""), tcp(t, port, ue, seq[1], network.FlagSYN, "")}
	seq[0]++
	seq[1]++
	for _, turn := range s.turns {
		for b := turn.data; len(b) > 0; {
			k := min(n, len(b))
			if turn.server {
				out = append(out, tcp(t, port, ue, seq[1], 0, b[:k]))
				seq[1] += uint32(k)
			} else {
				out = append(out, tcp(t, ue, port, seq[0], 0, b[:k]))
				seq[0] += uint32(k)
			}
			b = b[k:]
		}
	}
	return out
}

// dialogue is a conversation of SIP: requests of the client, answers of the server, of all sizes.
func dialogue(n int) (turns []turn, want []string) {
	for i := range n {
		turns = append(turns, turn{false, request("REGISTER", i, strings.Repeat("x", i*i*7%5000))}, turn{true, response(200, i)})
		want = append(want, "REGISTER tls 10.45.0.10:5060>10.46.0.2:5061", "200 tls 10.46.0.2:5061>10.45.0.10:5060")
	}
	return turns, want
}

// said is what was decoded, without frames.
func said(got []string) []string {
	out := make([]string, len(got))
	for i, g := range got {
		_, g, _ = strings.Cut(g, " ")
		out[i], _, _ = strings.Cut(g, " [")
	}
	return out
}
