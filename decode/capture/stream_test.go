package capture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestSetStdin(t *testing.T) {
	t.Run("alone", func(t *testing.T) {
		list, s, err := openAll(t, Options{Stdin: bytes.NewReader(plainPcap(3).Bytes())}, "-")
		if err != nil {
			t.Fatal(err)
		}
		wantPayloads(t, list, upTo(3)...)
		if read, total := s.Progress(); read != int64(plainPcap(3).Len()) || total != 0 {
			t.Errorf("progress %d of %d", read, total)
		}
	})
	t.Run("compressed", func(t *testing.T) {
		list, _, err := openAll(t, Options{Stdin: bytes.NewReader(compressed(t, openGzip, plainNg(3).Bytes()))}, "-")
		if err != nil {
			t.Fatal(err)
		}
		wantPayloads(t, list, upTo(3)...)
	})
	t.Run("among_files", func(t *testing.T) {
		dir := tree(t, map[string][]byte{"a": pcapAt("a", 1, 3)})
		list, s, err := openAll(t, Options{Stdin: bytes.NewReader(pcapAt("-", 2, 4))}, filepath.Join(dir, "a"), "-", "-")
		if err != nil {
			t.Fatal(err)
		}
		if contents(list) != "a 1, - 2, a 3, - 4" {
			t.Errorf("got %s", contents(list))
		}
		if n, _ := s.Skipped(); n != 1 {
			t.Errorf("%d skipped", n)
		}
	})
}

// What comes through a pipe is delivered as it comes, and waiting ends with the context.
func TestSetPipe(t *testing.T) {
	r, w := io.Pipe()
	data := plainPcap(2).Bytes()
	one := plainPcap(1).Len()
	go w.Write(data[:one+5])
	s, err := Open(context.Background(), []string{"-"}, Options{Stdin: r})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	b, err := s.Next(context.Background())
	if err != nil || len(b.Packets) != 1 {
		t.Fatal(b, err)
	}
	b.Release()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := s.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	w.Close()
}

func TestCancelled(t *testing.T) {
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(why)
	dir := tree(t, map[string][]byte{"a": pcapAt("a", 1), "b": pcapAt("b", 2)})
	if _, err := Open(ctx, []string{dir}, Options{}); err != why {
		t.Error(err)
	}
	s, err := Open(context.Background(), []string{dir}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Next(ctx); err != why {
		t.Error(err)
	}
	if _, err := s.Next(context.Background()); err != why {
		t.Errorf("after the error: %v", err)
	}
	s.Close()
}

// A growing file is read as far as it goes, and on when it has grown.
func TestGrowing(t *testing.T) {
	for name, data := range map[string][]byte{"pcap": plainPcap(5).Bytes(), "pcapng": plainNg(5).Bytes(), "snoop": snoopFile(5)} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			f, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := f.Write(data[:10]); err != nil {
				t.Fatal(err)
			}
			s, err := Open(context.Background(), []string{path}, Options{Growing: true})
			if err != nil {
				t.Fatal(err)
			}
			var list []got
			for i := 10; i < len(data); i++ {
				if _, err := f.Write(data[i : i+1]); err != nil {
					t.Fatal(err)
				}
				more, err := drain(t, s)
				if err != nil {
					t.Fatal(err)
				}
				list = append(list, more...)
			}
			wantPayloads(t, list, upTo(5)...)
			if fi := s.Files()[0]; len(fi.Warnings) > 0 || fi.Truncated || fi.Packets != 5 {
				t.Errorf("info %+v", fi)
			}
			s.Close()
		})
	}
}

// An input that fails in the middle gives what came before and says so.
func TestReadError(t *testing.T) {
	data := plainPcap(5).Bytes()
	broken := errors.New("disk on fire")
	r := NewReader(io.MultiReader(bytes.NewReader(data[:len(data)-3]), failing{broken}), "x.pcap")
	list, err := drain(t, r)
	if err != nil {
		t.Fatal(err)
	}
	wantPayloads(t, list, upTo(4)...)
	fi := r.Files()[0]
	if !errors.Is(fi.Err, broken) || !fi.Truncated || fmt.Sprint(codes(fi)) != "[capture-read-failed]" {
		t.Errorf("info %+v", fi)
	}
	if want := fmt.Sprintf("x.pcap: offset %d: disk on fire", len(data)-3); fi.Err.Error() != want {
		t.Errorf("error %v", fi.Err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestHangingInput(t *testing.T) {
	r := NewReader(failing{nil}, "x")
	if _, err := drain(t, r); !errors.Is(err, io.ErrNoProgress) {
		t.Error(err)
	}
}
