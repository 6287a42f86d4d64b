// Package samples holds captures to try imscope with: the two flows of the chapter that the program
// grew from, the same messages damaged as printed, and captures of a real IMS core.
//
// The first three are made from the scripts in script/ by package gen (format: FORMAT.md); the ones in
// real/ are copies. README.md says what each one shows.
package samples

import (
	"embed"
	"os"
	"path"
)

//go:generate go run ./gen/regenerate user-initiated network-initiated damaged

// FS holds the captures under the names of List.
//
//go:embed *.pcapng real/*.pcap real/*.pcapng
var FS embed.FS

// Sample describes one capture.
type Sample struct {
	Name        string // path within FS
	Title       string // one line
	Description string // a sentence or two
}

// File returns the name of the file that Write makes of the sample.
func (s Sample) File() string { return path.Base(s.Name) }

// List returns all samples, those to look at first in front.
func List() []Sample {
	return []Sample{
		{
			"user-initiated.pcapng", "User-initiated de-registration",
			"Tobias switches off his phone. Pager and game console keep two of his three identities reachable; tel:+44-123-456-789 is gone. Gm, Mw, ISC, and Cx over TCP.",
		},
		{
			"network-initiated.pcapng", "Network-initiated de-registration",
			"The HSS wants the user moved to another S-CSCF: all three identities end on all three devices, with event deactivated. Gm, Mw, ISC, and Cx over SCTP.",
		},
		{
			"damaged.pcapng", "The chapter's messages, damaged as printed",
			"Both flows with the chapter's misprints: a lost quotation mark, blank lines inside the headers, cut-off attributes, sorn for aor. The facts are the same.",
		},
		{
			"real/real-two-phones.pcap", "Real core: two phones of one user",
			"Phone and tablet share one private identity. The phone de-registers after a 401; the tablet stays and refreshes.",
		},
		{
			"real/real-two-phones.pcapng", "Real core: two phones, as pcapng with two interfaces",
			"The same traffic as real-two-phones.pcap.",
		},
		{
			"real/real-network-rtr.pcap", "Real core: the HSS ends a registration",
			"RTR with PERMANENT_TERMINATION. The NOTIFY lists no contact any more and keeps Subscription-State active; only Cx and the document before tell what happened.",
		},
		{
			"real/real-network-rtr-cooked2.pcap", "Real core: the same from inside the P-CSCF, Linux cooked v2",
			"Captured on all interfaces of the P-CSCF, so without Cx: nothing names the initiator.",
		},
		{
			"real/real-user-initiated-cooked.pcap", "Real core: a phone de-registers, Linux cooked v1",
			"Captured on all interfaces of the P-CSCF. The NOTIFY says expired where unregistered is meant, and leaves before the 200.",
		},
		{
			"real/real-refresh-expiry.pcap", "Real core: refresh, then silent expiry",
			"25 seconds of registration, refreshed once, then left to expire. The HSS is never told.",
		},
		{
			"real/real-tcp-pieces.pcap", "Real core: SIP over TCP in small pieces",
			"Messages in segments of 61 to 400 bytes, keep-alives, two messages in one segment.",
		},
		{
			"real/real-presence.pcap", "Real registrar with presence server",
			"A plain registrar without CSCFs: created, refreshed, unregistered; a contact that expires simply vanishes; version is always 0.",
		},
		{
			"real/real-presence-deactivated.pcap", "Real presence server: every network-initiated event",
			"shortened, deactivated, probation with retry-after, rejected, in partial documents. There is no REGISTER in it.",
		},
	}
}

// Write writes every sample into root, over files of the same name, and returns what it wrote.
func Write(root *os.Root) ([]Sample, error) {
	list := List()
	for i, s := range list {
		data, err := FS.ReadFile(s.Name)
		if err != nil {
			return list[:i], err
		}
		if err := root.WriteFile(s.File(), data, 0o644); err != nil {
			return list[:i], err
		}
	}
	return list, nil
}
