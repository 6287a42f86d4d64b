package lookup

import (
	"math/rand/v2"
	"testing"
)

// TestTable holds a table against a map, with hashes that often meet.
func TestTable(t *testing.T) {
	for _, spread := range []uint64{1, 5, 1 << 40} {
		rnd := rand.New(rand.NewPCG(1, spread))
		var table Table
		want := map[uint32]uint64{} // number → hash
		var numbers []uint32
		for step := range uint32(5000) {
			hash := rnd.Uint64N(spread) << 31
			switch n := len(numbers); {
			case n > 0 && (rnd.IntN(3) == 0 || spread == 1 && n > 50):
				i := rnd.IntN(n)
				if step%2 == 0 {
					table.Change(want[numbers[i]], numbers[i], step)
					want[step] = want[numbers[i]]
					delete(want, numbers[i])
					numbers[i] = step
					break
				}
				table.Delete(want[numbers[i]], numbers[i])
				delete(want, numbers[i])
				numbers[i] = numbers[n-1]
				numbers = numbers[:n-1]
			default:
				table.Put(hash, step)
				want[step] = hash
				numbers = append(numbers, step)
			}
			if step%97 != 0 && step != 4999 {
				continue
			}
			if table.Len() != len(want) {
				t.Fatalf("spread %d step %d: %d numbers, want %d", spread, step, table.Len(), len(want))
			}
			for number, hash := range want {
				if got, ok := table.Find(hash, func(n uint32) bool { return n == number }); !ok || got != number {
					t.Fatalf("spread %d step %d: number %d is not found", spread, step, number)
				}
			}
			if _, ok := table.Find(hash, func(n uint32) bool { return n == 1<<31 }); ok {
				t.Fatalf("spread %d step %d: found what is not there", spread, step)
			}
		}
	}
}

// TestTableEmpty asks a table that never had anything.
func TestTableEmpty(t *testing.T) {
	var table Table
	if _, ok := table.Find(1, func(uint32) bool { return true }); ok {
		t.Error("found something in an empty table")
	}
	table.Delete(1, 1)
	table.Change(1, 1, 2)
	if table.Len() != 0 {
		t.Errorf("%d numbers in an empty table", table.Len())
	}
}

func TestTableAllocs(t *testing.T) {
	var table Table
	for n := range uint32(100) {
		table.Put(uint64(n)<<40, n)
	}
	if n := testing.AllocsPerRun(100, func() {
		for n := range uint32(100) {
			if _, ok := table.Find(uint64(n)<<40, func(m uint32) bool { return m == n }); !ok {
				t.Fatal("not found")
			}
		}
	}); n != 0 {
		t.Errorf("%v allocations to find", n)
	}
}
