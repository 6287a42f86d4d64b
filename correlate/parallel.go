package correlate

import (
	"iter"
	"runtime"
	"sync"

	"imscope/correlate/story"
)

// chunk is how many users a worker takes at a time: enough to make the hand-over cheap, few enough
// that little waits in memory for its turn.
const chunk = 32

// Map applies a pure function to the story of every user, on all cores, and yields the results in the order of the
// users. The story lasts as long as the call of the function: of what it points at, only strings may be kept. Users
// who are not judged yet are judged on the way; that counts if the end is reached.
func Map[T any](r *Report, fn func(i int, u *story.User) T) iter.Seq2[int, T] {
	if r.court == nil {
		return each(r, func(i int, d *desk) T { u, _ := r.tell(i, d); return fn(i, u) })
	}
	type both struct {
		verdict verdict
		result  T
	}
	return func(yield func(int, T) bool) {
		r.adjourn()
		for i, b := range each(r, func(i int, d *desk) both { u, in := r.tell(i, d); return both{r.court.judge(u, in), fn(i, u)} }) {
			r.enter(b.verdict)
			if !yield(i, b.result) {
				return
			}
		}
		r.court = nil
	}
}

// Judge lets the rules look at every user, unless that was done.
func (r *Report) Judge() {
	if r.court == nil {
		return
	}
	for range Map(r, func(int, *story.User) struct{} { return struct{}{} }) {
	}
}

// each applies a function to the numbers of all users, on all cores and on a desk each, and yields the results in order.
func each[T any](r *Report, fn func(i int, d *desk) T) iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		workers := min(runtime.GOMAXPROCS(0), (r.count+chunk-1)/chunk)
		if workers <= 1 {
			d := new(desk)
			for i := range r.count {
				if !yield(i, fn(i, d)) {
					return
				}
			}
			return
		}
		type job struct {
			from int
			out  chan []T
		}
		jobs := make(chan job)
		order := make(chan job, 2*workers)
		stop := make(chan struct{})
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				d := new(desk)
				for j := range jobs {
					out := make([]T, 0, chunk)
					for i := j.from; i < min(j.from+chunk, r.count); i++ {
						out = append(out, fn(i, d))
					}
					j.out <- out
				}
			})
		}
		wg.Go(func() {
			defer close(jobs)
			defer close(order)
			for from := 0; from < r.count; from += chunk {
				j := job{from, make(chan []T, 1)}
				select {
				case order <- j:
				case <-stop:
					return
				}
				select {
				case jobs <- j:
				case <-stop:
					j.out <- nil
					return
				}
			}
		})
		defer wg.Wait()
		defer close(stop)
		for j := range order {
			for k, v := range <-j.out {
				if !yield(j.from+k, v) {
					return
				}
			}
		}
	}
}
