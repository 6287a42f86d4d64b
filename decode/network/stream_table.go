package network

// streamTable holds streams by number, in pages: it grows without moving what is there.
type streamTable struct {
	pages [][]stream
	n     int32
}

const streamsPerPage = 64

// at gives the stream with number i.
func (t *streamTable) at(i int32) *stream { return &t.pages[i/streamsPerPage][i%streamsPerPage] }

// add gives the number of a further stream.
func (t *streamTable) add() int32 {
	if int(t.n) == len(t.pages)*streamsPerPage {
		t.pages = append(t.pages, make([]stream, streamsPerPage))
	}
	t.n++
	return t.n - 1
}
