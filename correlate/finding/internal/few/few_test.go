package few

import (
	"math/rand/v2"
	"testing"
)

// A Map is a map, with few keys and with many.
func TestMap(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, keys := range []int{1, 5, 7, 20} {
		var m Map[int, int]
		want := map[int]int{}
		for i := range 10000 {
			k := rnd.IntN(keys)
			switch op := rnd.IntN(100); {
			case op < 50:
				m.Put(k, i)
				want[k] = i
			case op < 98:
				m.Drop(k)
				delete(want, k)
			default:
				m.Clear()
				clear(want)
			}
			for k := range keys {
				if got := m.Get(k); got != want[k] {
					t.Fatalf("%d keys: Get(%d) = %d, want %d", keys, k, got, want[k])
				}
			}
		}
	}
}

func TestMapOfAFewNeedsNoMemory(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() {
		var m Map[string, int]
		m.Put("a", 1)
		m.Put("b", 2)
		m.Drop("a")
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
