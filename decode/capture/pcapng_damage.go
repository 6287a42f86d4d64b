package capture

import (
	"encoding/binary"
	"fmt"
)

// maxScanBlock is the longest block that is looked for behind damage: a packet of the greatest length
// with room for its options.
const maxScanBlock = hardMaxRecord + 64<<10

// lose starts the search for the next block at the window's start.
func (d *pcapng) lose(r *Reader, why string) {
	d.scanning, d.lostAt, d.lostWhy = true, r.offset(), why
}

// scan moves the window to the next block.
func (d *pcapng) scan(r *Reader) (int, error) {
	w := r.window()
	from := 0
	if r.offset() == d.lostAt {
		from = 1
	}
	to := int(min(int64(len(w)), d.lostAt+scanLimit-r.offset()))
	at, need := d.find(w, r.offset(), from, to, r.eof)
	r.pos += at
	if need > 0 {
		return need, nil
	}
	if at < to {
		d.scanning = false
		r.resynced(ProbBlock, d.lostAt, d.lostWhy)
		return 0, nil
	}
	return 0, r.lost(d.lostAt, d.lostWhy)
}

// find looks for a block that starts in w[from:to], ends inside w and says the same length at both ends.
// off is the offset of w. Section headers are found anywhere, since a section may have been cut before
// them; other blocks where their section's alignment puts them. Results are those of pcap.find.
func (d *pcapng) find(w []byte, off int64, from, to int, eof bool) (at, need int) {
	for i := from; i < to; i++ {
		if len(w)-i < blockMin {
			if eof {
				break
			}
			return i, blockMin
		}
		if binary.LittleEndian.Uint32(w[i:]) == blockSHB {
			if !isByteOrderMagic(w[i+8:]) {
				continue
			}
		} else if (off+int64(i)-d.section)%4 != 0 || !known(d.u32(w[i:])) {
			continue
		}
		typ, total := d.header(w[i:])
		if badBlock(typ, total, w[i:]) != "" || total > maxScanBlock {
			continue
		}
		n := int(total)
		if len(w)-i < n {
			if eof {
				continue
			}
			return i, n
		}
		b := w[i : i+n]
		if u32as(b[n-4:], d.orderOf(typ, b)) == total && d.sound(typ, b) {
			return i, 0
		}
	}
	return to, 0
}

// known tells whether typ is a block type of the specification.
func known(typ uint32) bool {
	return typ >= blockIDB && typ <= blockEPB || typ == blockJournal || typ == blockDSB ||
		typ == blockCustom || typ == blockCustom2
}

// sound tells whether a packet block's own lengths fit, a second proof that b is a block.
func (d *pcapng) sound(typ uint32, b []byte) bool {
	if typ != blockEPB && typ != blockPB {
		return true
	}
	return d.u32(b[blockHeader+12:]) <= uint32(len(b)-blockMin-epbFixed)
}

// endsWell tells whether another block, or the end of the input, follows the n bytes of a block whose
// lengths disagree: then the first one is right.
func (d *pcapng) endsWell(r *Reader, w []byte, n int) (ok bool, need int) {
	if len(w) == n && r.eof {
		return true, 0
	}
	at, need := d.find(w, r.offset(), n, n+1, r.eof)
	if need > 0 {
		return false, n + need
	}
	return at == n, 0
}

// tail judges the bytes between the last whole block and the end of the input.
func (d *pcapng) tail(r *Reader) (int, error) {
	w := r.window()
	if len(w) > blockMin {
		if at, _ := d.find(w, r.offset(), 1, len(w), true); at < len(w) {
			_, total := d.header(w)
			d.lose(r, fmt.Sprintf("block claims %d bytes, but others start inside it", total))
			return 0, nil
		}
	}
	if r.offset() == 0 && len(w) > 0 {
		return 0, r.fail(fmt.Errorf("%w: %d bytes", ErrHeaderCut, len(w)))
	}
	return 0, r.truncated("the block")
}
