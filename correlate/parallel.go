package correlate

import (
	"iter"
	"runtime"
	"sync"

	"imscope/correlate/story"
)

// chunk is how many users a worker takes at a time: enough to make the hand-over cheap, few enough
// that little waits in memory for its turn.
const chunk = 16

// Map applies a pure function to the story of every user, on all cores, and yields the results in the order of the
// users. The story lasts as long as the call: of what it points at, only strings may be in the result. Users who are not
// judged yet are judged on the way; that counts if the end is reached.
func Map[T any](r *Report, fn func(i int, u *story.User) T) iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		at := 0
		for list := range Gather(r, func() *[]T { return new([]T) }, func(list *[]T, i int, u *story.User) {
			*list = append(*list, fn(i, u))
		}) {
			for _, v := range *list {
				if !yield(at, v) {
					return
				}
				at++
			}
		}
	}
}

// Gather is Map for many users: begin makes something for some users in a row, add adds one to it, and what was gathered
// is yielded.
func Gather[T any](r *Report, begin func() T, add func(to T, i int, u *story.User)) iter.Seq[T] {
	type gathered struct {
		what    T
		verdict verdict
	}
	court := r.court
	work := func(from int, d *desk) (g gathered) {
		g.what = begin()
		for i := from; i < min(from+chunk, r.count); i++ {
			u, in := r.tell(i, d)
			if court != nil {
				g.verdict.join(court.judge(u, in))
			}
			add(g.what, i, u)
		}
		return g
	}
	return func(yield func(T) bool) {
		if court != nil {
			r.adjourn()
		}
		for g := range inOrder(r.count, chunk, work) {
			if court != nil {
				r.enter(g.verdict)
			}
			if !yield(g.what) {
				return
			}
		}
		r.court = nil
	}
}

// inOrder does the work on n things, so many at a time, on all cores and on a desk each, and yields the results in order.
// Who takes the results works as well while the next one is not ready: a goroutine more than cores, to hand things out,
// takes 3 to 5 % of an analysis on two cores (2026-11-29).
func inOrder[T any](n, at int, work func(from int, d *desk) T) iter.Seq[T] {
	return func(yield func(T) bool) {
		parts := (n + at - 1) / at
		workers := min(runtime.GOMAXPROCS(0), parts)
		ahead := min(3*workers, parts) // so many parts are worked on or wait for their turn
		jobs, ready := make(chan int, ahead), make([]chan T, ahead)
		for i := range ahead {
			ready[i] = make(chan T, 1)
			jobs <- i
		}
		do := func(part int, d *desk) { ready[part%ahead] <- work(part*at, d) }
		var wg sync.WaitGroup
		for range workers - 1 {
			wg.Go(func() {
				d := new(desk)
				for part := range jobs {
					do(part, d)
				}
			})
		}
		defer wg.Wait()
		defer func() {
			close(jobs)
			for range jobs { // nobody is to begin what nobody takes
			}
		}()
		d := new(desk)
		result := func(part int) T {
			for {
				select {
				case v := <-ready[part%ahead]:
					return v
				default:
				}
				select {
				case v := <-ready[part%ahead]:
					return v
				case next := <-jobs:
					do(next, d)
				}
			}
		}
		for part := range parts {
			v := result(part)
			if part+ahead < parts {
				jobs <- part + ahead
			}
			if !yield(v) {
				return
			}
		}
	}
}
