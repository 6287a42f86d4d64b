package capture

import "slices"

const (
	// maxSecrets bounds the bytes of decryption secrets kept per file: a key log of 100,000 sessions.
	maxSecrets = 16 << 20
	// maxSecretBlocks bounds their number; a capture has one, a merged one a few.
	maxSecretBlocks = 1 << 12
)

// Secret is the content of one decryption secrets block. It is owned, not borrowed.
type Secret struct {
	Type uint32 // 0x544c534b "TLSK" TLS key log, 0x57474b4c WireGuard key log, …
	Data []byte
}

// secrets keeps the body of a decryption secrets block.
func (d *pcapng) secrets(r *Reader, body []byte) {
	s := Secret{Type: d.u32(body)}
	data := body[dsbFixed:]
	if n := d.u32(body[4:]); n < uint32(len(data)) {
		data = data[:n]
	}
	total := len(data)
	for _, old := range r.secrets {
		total += len(old.Data)
	}
	if total > maxSecrets || len(r.secrets) >= maxSecretBlocks {
		r.info.warn(ProbSecrets, 0, r.offset(), "decryption secrets not kept")
		return
	}
	s.Data = slices.Clone(data)
	r.secrets = append(r.secrets, s)
}
