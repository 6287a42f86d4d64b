package live

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, path string, flags int, parts ...[]byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|flags, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write(bytes.Join(parts, nil)); err != nil {
		t.Fatal(err)
	}
}

func follow(t *testing.T, path string, fromStart bool) *reading {
	t.Helper()
	return open(t, Options{Follow: []FollowOptions{{Path: path, FromStart: fromStart}}})
}

func TestFollowGrowing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.pcap")
	write(t, path, 0, pcapHeader(), records(0, "a", "b"))
	r := follow(t, path, true)
	r.want("a", "b")
	more := records(1, "c", "d")
	write(t, path, os.O_APPEND, more[:20]) // into the second record
	r.want("a", "b", "c")
	write(t, path, os.O_APPEND, more[20:25])
	r.stay("a", "b", "c")
	write(t, path, os.O_APPEND, more[25:])
	r.want("a", "b", "c", "d")
	r.end()
}

func TestFollowFromTheEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.pcap")
	write(t, path, 0, pcapHeader(), records(0, "a", "b"))
	r := follow(t, path, false)
	r.stay()
	write(t, path, os.O_APPEND, records(1, "c"))
	r.want("c")
	r.end()
}

// A file that is not there yet, and whose header comes in pieces.
func TestFollowToCome(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.pcap")
	r := follow(t, path, false)
	r.stay()
	write(t, path, 0)
	r.stay()
	write(t, path, os.O_APPEND, pcapHeader()[:10])
	r.stay()
	write(t, path, os.O_APPEND, pcapHeader()[10:], records(0, "a"))
	r.want("a")
	r.end()
}

func TestFollowTruncated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.pcap")
	write(t, path, 0, pcapHeader(), records(0, "a", "b"))
	r := follow(t, path, true)
	r.want("a", "b")
	write(t, path, os.O_TRUNC, pcapHeader(), records(5, "c")) // shorter
	r.stay("a", "b", "c")
	write(t, path, os.O_TRUNC, pcapHeader(), records(9, "d", "e", "f")) // longer, before it was looked at
	r.want("a", "b", "c", "d", "e", "f")
	r.end()
}

// logrotate: the file is renamed, somebody still writes into it, then another one has its name.
func TestFollowRenamed(t *testing.T) {
	for _, dir := range []bool{false, true} {
		base := t.TempDir()
		path := filepath.Join(base, "a.pcap")
		write(t, path, 0, pcapHeader(), records(0, "a"))
		what := path
		if dir {
			what = base
		}
		r := follow(t, what, true)
		r.want("a")
		if err := os.Rename(path, path+".1"); err != nil {
			t.Fatal(err)
		}
		write(t, path+".1", os.O_APPEND, records(1, "b"))
		r.want("a", "b")
		write(t, path, 0, pcapHeader(), records(2, "c"))
		r.want("a", "b", "c")
		write(t, path+".1", os.O_APPEND, records(3, "d"))
		r.stay("a", "b", "c", "d")
		r.end()
	}
}

// dumpcap: a new file with a new name, the oldest one deleted.
func TestFollowDirectory(t *testing.T) {
	dir := t.TempDir()
	name := func(s string) string { return filepath.Join(dir, s) }
	write(t, name("1.pcap"), 0, pcapHeader(), records(0, "old"))
	write(t, name("README"), 0, []byte("no capture, whatever it says"))
	r := follow(t, dir, false)
	r.stay()
	write(t, name("1.pcap"), os.O_APPEND, records(1, "a"))
	r.want("a")
	write(t, name("2.pcap"), 0, pcapHeader())
	write(t, name("2.pcap"), os.O_APPEND, records(2, "b"))
	r.want("a", "b")
	write(t, name("2.pcap"), os.O_APPEND, records(3, "c"))
	if err := os.Remove(name("1.pcap")); err != nil {
		t.Fatal(err)
	}
	r.want("a", "b", "c")
	// tcpdump -W: the first name again, for a new file.
	write(t, name("1.pcap"), 0, pcapHeader(), records(4, "d"))
	r.want("a", "b", "c", "d")
	// tcpdump -z gzip: not a second time.
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write(append(pcapHeader(), records(2, "b", "c")...))
	w.Close()
	write(t, name("2.pcap.gz"), 0, z.Bytes())
	r.stay("a", "b", "c", "d")
	if got := r.notices.String(); !strings.Contains(got, "README is not followed: not a capture file") || !strings.Contains(got, "2.pcap.gz is not followed: it is compressed") {
		t.Errorf("notices: %s", got)
	}
	r.end()
	if files := r.s.Files(); len(files) != 1 || files[0].Path != dir || files[0].Packets != 4 {
		t.Errorf("%+v", files)
	}
}

func TestFollowDirectoryGone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "x")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	r := follow(t, dir, false)
	r.stay()
	os.Remove(dir)
	<-r.done
	if r.err == nil || !strings.Contains(r.err.Error(), "is gone") {
		t.Errorf("it ended with %v", r.err)
	}
}

func TestFollowStream(t *testing.T) {
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r := open(t, Options{Follow: []FollowOptions{{Path: "-", Stdin: in}}})
	out.Write(pcapHeader())
	out.Write(records(0, "a"))
	r.want("a")
	out.Write(records(1, "b"))
	r.want("a", "b")
	out.Close()
	<-r.done // all inputs ended
	r.end()
}
