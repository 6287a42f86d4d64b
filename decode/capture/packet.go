package capture

import "context"

// Packet is one captured frame. It is borrowed: Data points into its Batch's memory and is valid
// until Batch.Release. To keep a packet, copy Data.
type Packet struct {
	Data    []byte   // the captured bytes, from the link layer header on
	Time    int64    // nanoseconds since the Unix epoch, UTC; valid iff !NoTime, else 0
	Frame   uint32   // 1-based number in the order delivered; for a single file Wireshark's number
	OrigLen uint32   // length on the wire; len(Data) < OrigLen means cut by the snap length
	Iface   uint32   // index into Interfaces of its file
	File    uint16   // index into the Source's Files
	Link    LinkType // what Data starts with; any number may appear
	NoTime  bool     // the record has no usable time (a simple packet block)
}

// Batch is a run of packets in order, together with the memory they borrow. The receiver owns it
// until it calls Release; packets may be read by several goroutines in between.
type Batch struct {
	Packets []Packet

	// Free, where set, is called by Release and takes the batch's memory back.
	Free func(*Batch)

	bufs []*buffer
}

// Release gives the batch's memory back for reuse. Neither the batch nor any Data of its packets may
// be touched afterwards. It must be called once at most; a batch that is never released is only garbage.
func (b *Batch) Release() {
	if b.Free != nil {
		b.Free(b)
	}
}

// Source is a stream of frames: files here, a network interface elsewhere.
type Source interface {
	// Next returns the next batch and io.EOF after the last. A source that ends never returns an empty batch; a live
	// one does where nothing comes, so that its receiver sees time pass. Any other error
	// (a cancelled context, input that is no capture) ends the stream as well.
	// It must not be called by two goroutines at once.
	Next(ctx context.Context) (*Batch, error)
	// Files describes the inputs, in the order Packet.File counts them. Call it from the goroutine
	// that calls Next, or after Next returned an error.
	Files() []FileInfo
	// Close frees what the source holds, except batches that are still out.
	Close() error
}
