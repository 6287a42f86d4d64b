package tls

import (
	"bytes"
	"encoding/hex"
)

const (
	// randomLen is the length of the client random by which a key log names a connection.
	randomLen = 32
	// maxSecret is the length of the longest secret: a digest of SHA-384; a master secret has 48 bytes as well.
	maxSecret = 64
	// maxSecrets bounds the secrets of all key logs together: those of 250,000 connections, some 50 MiB.
	maxSecrets = 1 << 20
)

// label says what a secret is for.
type label uint8

const (
	labelNone        label = iota
	labelMaster            // up to TLS 1.2
	labelClientEarly       // TLS 1.3: 0-RTT data
	labelClientHello       // handshake traffic
	labelServerHello       //
	labelClientData        // application traffic, before any key update
	labelServerData        //
)

// labels are the words of the key log format (draft-ietf-tls-keylogfile).
var labels = map[string]label{
	"CLIENT_RANDOM":                   labelMaster,
	"CLIENT_EARLY_TRAFFIC_SECRET":     labelClientEarly,
	"CLIENT_HANDSHAKE_TRAFFIC_SECRET": labelClientHello,
	"SERVER_HANDSHAKE_TRAFFIC_SECRET": labelServerHello,
	"CLIENT_TRAFFIC_SECRET_0":         labelClientData,
	"SERVER_TRAFFIC_SECRET_0":         labelServerData,
}

type secretID struct {
	random [randomLen]byte
	label  label
}

// Keys are the secrets of key logs.
type Keys struct {
	secrets map[secretID][]byte
	// Dropped counts the secrets for which there was no room.
	Dropped uint64
}

// Add takes the lines of a key log. Lines that it does not know are passed over.
func (k *Keys) Add(log []byte) {
	for line := range bytes.Lines(log) {
		f := bytes.Fields(line)
		if len(f) != 3 {
			continue
		}
		l := labels[string(f[0])]
		if l == labelNone || len(f[1]) != 2*randomLen || len(f[2]) > 2*maxSecret {
			continue
		}
		id := secretID{label: l}
		if _, err := hex.Decode(id.random[:], f[1]); err != nil {
			continue
		}
		secret := make([]byte, hex.DecodedLen(len(f[2])))
		if _, err := hex.Decode(secret, f[2]); err != nil || len(secret) == 0 {
			continue
		}
		if k.secrets == nil {
			k.secrets = map[secretID][]byte{}
		}
		if _, ok := k.secrets[id]; !ok && len(k.secrets) >= maxSecrets {
			k.Dropped++
			continue
		}
		k.secrets[id] = secret
	}
}

// Len returns the number of secrets.
func (k *Keys) Len() int { return len(k.secrets) }

func (k *Keys) get(l label, random *[randomLen]byte) []byte {
	return k.secrets[secretID{*random, l}]
}
