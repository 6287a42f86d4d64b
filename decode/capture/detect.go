package capture

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"strconv"
)

// start reads the file header on the first call: it finds the compression and the decoder.
func (r *Reader) start(ctx context.Context) error {
	for r.dec == nil {
		if err := r.fill(ctx, magicSize); err != nil {
			return err
		}
		w := r.window()
		if c := compressionOf(w); c != nil && r.info.Compression == "" {
			r.decompress(c)
			continue
		}
		dec, err := decoderOf(w, r)
		if err != nil {
			return r.fail(err)
		}
		r.dec = dec
		r.info.Format = dec.format()
	}
	return nil
}

// fail is an error about the whole input.
func (r *Reader) fail(err error) error {
	if r.failed != nil { // the better reason
		err = r.failed
	}
	r.info.Err = &Error{Path: r.info.Path, Err: err}
	return r.info.Err
}

// decoderOf finds the format of a stream that starts with head, and steps over its file header.
func decoderOf(head []byte, r *Reader) (decoder, error) {
	switch {
	case len(head) == 0:
		return nil, ErrEmpty
	case len(head) < 4:
		return nil, notCapture(head)
	}
	switch magic := binary.LittleEndian.Uint32(head); {
	case isPcap(magic):
		if len(head) < pcapFileHeader {
			return nil, fmt.Errorf("%w: %d of %d bytes", ErrHeaderCut, len(head), pcapFileHeader)
		}
		r.pos += pcapFileHeader
		return newPcap(head, r), nil
	case magic == blockSHB:
		if len(head) < 12 {
			return nil, fmt.Errorf("%w: %d bytes", ErrHeaderCut, len(head))
		}
		if !isByteOrderMagic(head[8:]) {
			return nil, fmt.Errorf("%w: like pcapng, but without its byte-order magic", ErrNotCapture)
		}
		return newPcapng(head), nil
	}
	if bytes.HasPrefix(head, []byte(snoopMagic)) {
		if len(head) < snoopFileHeader {
			return nil, fmt.Errorf("%w: %d of %d bytes", ErrHeaderCut, len(head), snoopFileHeader)
		}
		r.pos += snoopFileHeader
		return newSnoop(head, r)
	}
	if c := compressionOf(head); c != nil {
		return nil, fmt.Errorf("%w: %s inside %s", ErrNotCapture, c.name, r.info.Compression)
	}
	for _, f := range foreign {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return nil, fmt.Errorf("%w: %s", ErrUnsupported, f.what)
		}
	}
	return nil, notCapture(head)
}

// editcap tells how to get a capture of another tool read.
const editcap = "; convert it: editcap -F pcapng IN OUT.pcapng"

// foreign are formats that are known but not read, by their first bytes.
var foreign = []struct{ magic, what string }{
	{"GMBU", "Microsoft Network Monitor 2" + editcap},
	{"RTSS", "Microsoft Network Monitor 1" + editcap},
	{"TRSNIFF data", "Network General Sniffer" + editcap},
	{"XCP\x00", "NetXray or Windows Sniffer" + editcap},
	{"\x7fver", "Savvius OmniPeek" + editcap},
	{"\x05VNF", "Visual Networks" + editcap},
	{"\xaa\xaa\xaa\xaa", "InfoVista 5View" + editcap},
	{"iptrace 1.0", "AIX iptrace" + editcap},
	{"iptrace 2.0", "AIX iptrace" + editcap},
	{"btsnoop\x00", "Bluetooth HCI snoop log" + editcap},
	{"\x00\x00\x02\x00\x12\x05\x00\x10", "Tektronix K12xx rf5" + editcap},
	{"+---------+---------------", "Tektronix K12 text" + editcap},
	{"TR\x00d\x00", "HP-UX nettl" + editcap},
	{"ObserverPktBuffe", "Network Instruments Observer" + editcap},
	{"\x01\x10L\x00\x01\x05Trace Disp", "Novell LANalyzer" + editcap},
	{"PK\x03\x04", "zip archive; unpack it first"},
	{"7z\xbc\xaf\x27\x1c", "7-Zip archive; unpack it first"},
	{"Rar!\x1a\x07", "RAR archive; unpack it first"},
}

// notCapture shows how the input starts, since most mistakes are told by that.
func notCapture(head []byte) error {
	return fmt.Errorf("%w: starts with %s", ErrNotCapture, strconv.QuoteToASCII(string(head[:min(len(head), 16)])))
}
