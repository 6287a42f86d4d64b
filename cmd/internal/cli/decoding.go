package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"imscope/decode"
	"imscope/decode/capture"
)

// maxKeyLog bounds what is read of a TLS key log: the secrets of 200,000 connections.
const maxKeyLog = 128 << 20

// decoding holds the flags that say how packets are to be read.
type decoding struct {
	copies bool // what was captured twice counts as sent twice
	keyLog string
	user   userLinks
}

func (d *decoding) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&d.copies, "keep-duplicates", false, "take a transmission that was captured twice for a retransmission")
	f.StringVar(&d.keyLog, "tls-keylog", "", "open TLS with the secrets in `FILE` (as SSLKEYLOGFILE writes them), besides those in pcapng captures")
	f.Var(&d.user, "user-dlt", "read the private link type 147 to 162 (USER0 to USER15) as another; may be repeated")
	// The error is of a flag that does not exist.
	_ = cmd.RegisterFlagCompletionFunc("user-dlt", completeUserLinks)
}

// apply takes over what the flags say.
func (d *decoding) apply(opt *decode.Options) error {
	opt.UserDLT = d.user.links
	if d.keyLog == "" {
		return nil
	}
	f, err := os.Open(d.keyLog)
	if err != nil {
		return err
	}
	defer f.Close()
	opt.KeyLog, err = io.ReadAll(io.LimitReader(f, maxKeyLog+1))
	switch {
	case err != nil:
		return err
	case len(opt.KeyLog) > maxKeyLog:
		return fmt.Errorf("%s: larger than %d MiB, no TLS key log", d.keyLog, maxKeyLog>>20)
	}
	return nil
}

// userLinks is the flag that says what private link types are.
type userLinks struct {
	links [16]capture.LinkType
}

// linkWord is a link type by the word that is easiest to remember.
type linkWord struct {
	word string
	link capture.LinkType
}

// linkWords are the words of --user-dlt, besides the names that capture.LinkType gives.
func linkWords() []linkWord {
	words := []linkWord{{"ip", capture.LinkRaw}, {"sll", capture.LinkLinuxSLL}, {"sll2", capture.LinkLinuxSLL2}, {"802.11", capture.LinkIEEE80211},
		{"radiotap", capture.LinkRadiotap}, {"exported-pdu", capture.LinkUpperPDU},
		// The same but for the order of bytes, which is found out; its number, 0, stands for none.
		{"null", capture.LinkLoop}}
	for _, l := range []capture.LinkType{capture.LinkEthernet, capture.LinkRaw, capture.LinkIPv4, capture.LinkIPv6, capture.LinkLinuxSLL, capture.LinkLinuxSLL2,
		capture.LinkLoop, capture.LinkPPP, capture.LinkPPPHDLC, capture.LinkPPPEther, capture.LinkCHDLC, capture.LinkFrameRelay,
		capture.LinkIEEE80211, capture.LinkRadiotap, capture.LinkPPI, capture.LinkNFLOG, capture.LinkSCTP, capture.LinkUpperPDU} {
		words = append(words, linkWord{l.String(), l})
	}
	return words
}

func (u *userLinks) Type() string { return "NUMBER=TYPE" }

// String gives the flag's values; it has no default.
func (u *userLinks) String() string {
	var list []string
	for i, l := range u.links {
		if l != 0 {
			list = append(list, fmt.Sprintf("%d=%d", int(capture.LinkUser0)+i, l))
		}
	}
	return strings.Join(list, ",")
}

// Set takes "147=ip", "147=ethernet", "147=101".
func (u *userLinks) Set(s string) error {
	number, word, ok := strings.Cut(s, "=")
	if !ok {
		return errors.New("must be NUMBER=TYPE, for example 147=ip")
	}
	n, err := strconv.ParseUint(number, 10, 16)
	if link := capture.LinkType(n); err != nil || link < capture.LinkUser0 || link > capture.LinkUser15 {
		return fmt.Errorf("%q is not from %d to %d", number, capture.LinkUser0, capture.LinkUser15)
	}
	link, err := linkByWord(word)
	if err != nil {
		return err
	}
	u.links[n-uint64(capture.LinkUser0)] = link
	return nil
}

// linkByWord finds a link type by its word or its number.
func linkByWord(word string) (capture.LinkType, error) {
	words := linkWords()
	if i := slices.IndexFunc(words, func(w linkWord) bool { return w.word == strings.ToLower(word) }); i >= 0 {
		return words[i].link, nil
	}
	n, err := strconv.ParseUint(word, 10, 16)
	if link := capture.LinkType(n); err == nil && link > 0 && (link < capture.LinkUser0 || link > capture.LinkUser15) {
		return link, nil
	}
	return 0, fmt.Errorf("%q is no link type: ip, ethernet, sll, sll2, ppp, … or a LINKTYPE number", word)
}

// completeUserLinks completes the number, then the word.
func completeUserLinks(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	var list []string
	number, _, ok := strings.Cut(typed, "=")
	if !ok {
		for n := capture.LinkUser0; n <= capture.LinkUser15; n++ {
			list = append(list, fmt.Sprintf("%d=\t%s", n, n))
		}
		return list, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
	seen := map[string]bool{}
	for _, w := range linkWords() {
		if !seen[w.word] {
			seen[w.word] = true
			list = append(list, fmt.Sprintf("%s=%s\tlink type %d", number, w.word, w.link))
		}
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}
