package fact

import (
	"strings"

	"imscope/decode/problem"
)

// Words are the strings that all users of a network share: what their phones are called, which event packages they
// watch, which way their requests go. Packed facts hold their numbers.
type Words struct {
	words *table[string]
	codes *table[*problem.Code]
}

const (
	// maxWords bounds the table: a network of many vendors has some hundreds of these strings. Beyond it they are
	// packed as they are, which takes more memory and gives the same result.
	maxWords = 1 << 13
	// maxWord is the longest string that is worth a place in it.
	maxWord = 256
	// maxCodes is far above the number of problem codes that there are.
	maxCodes = 1 << 12
)

// NewWords returns empty tables.
func NewWords() *Words {
	return &Words{newTable[string](maxWords), newTable[*problem.Code](maxCodes)}
}

// speaker is one goroutine's access to Words: what it said before it looks up without a lock.
type speaker struct {
	all *Words
	own map[string]uint32
}

func newSpeaker(w *Words) *speaker { return &speaker{w, map[string]uint32{}} }

// word gives the number of a string; ok is false where it is not to have one.
func (s *speaker) word(v string) (id uint32, ok bool) {
	if id, ok = s.own[v]; ok {
		return id, true
	}
	if len(v) > maxWord || len(s.own) == maxWords {
		return 0, false
	}
	if id, ok = s.all.words.enter(v, strings.Clone); ok {
		s.own[s.all.words.at(id)] = id
	}
	return id, ok
}
