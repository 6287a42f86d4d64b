package save

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// retryAfter is how long a disk that was full is left alone.
const retryAfter = time.Second

// output is the file that is written, with rotation.
type output struct {
	opt     *Options
	file    *os.File
	path    string
	size    int64 // of whole blocks
	number  int
	made    []string // files of this run, oldest first
	removed uint64
	since   int64 // capture time of its beginning
	broken  bool  // the last write failed
	after   time.Time
	stuck   bool // no other file could be begun
	retry   time.Time
}

func (o *output) rotates() bool { return o.opt.MaxBytes > 0 || o.opt.Every > 0 }

// name gives the path of a file.
func (o *output) name(now int64) string {
	if !o.rotates() {
		return o.opt.Path
	}
	ext := filepath.Ext(o.opt.Path)
	return fmt.Sprintf("%s_%05d_%s%s", strings.TrimSuffix(o.opt.Path, ext), o.number+1,
		time.Unix(0, now).UTC().Format("20060102150405"), ext)
}

// open closes the current file and begins the next. The current one stays if that fails.
func (o *output) open(now int64) error {
	path := o.name(now)
	flags := os.O_WRONLY | os.O_CREATE
	if o.file == nil || o.rotates() {
		flags |= os.O_TRUNC
	}
	f, err := os.OpenFile(path, flags, 0o640)
	if err != nil {
		return err
	}
	// Reopened under its name, it may still be the same file: another section follows the first.
	size, err := f.Seek(0, 2)
	if err == nil && o.opt.Own != nil {
		err = o.opt.Own(f)
	}
	if err != nil {
		f.Close()
		return err
	}
	o.close()
	o.stuck, o.after = false, time.Time{} // it may be another disk
	o.file, o.path, o.size, o.since, o.number = f, path, size, now, o.number+1
	if o.made = append(o.made, path); o.rotates() && o.opt.Keep > 0 && len(o.made) > o.opt.Keep {
		if err := os.Remove(o.made[0]); err != nil && !errors.Is(err, fs.ErrNotExist) {
			o.opt.Notice(err.Error())
		} else {
			o.removed++
		}
		o.made = o.made[1:]
	}
	if !o.rotates() || o.opt.Keep == 0 {
		o.made = nil
	}
	return nil
}

// due reports whether another file should begin.
func (o *output) due(now int64) bool {
	if o.broken && time.Now().Before(o.after) || o.stuck && time.Now().Before(o.retry) {
		return false
	}
	return o.opt.MaxBytes > 0 && o.size >= o.opt.MaxBytes || o.opt.Every > 0 && now-o.since >= int64(o.opt.Every)
}

var errWaiting = errors.New("waiting for room")

// write appends whole blocks. If that fails, nothing of them is left in the file.
func (o *output) write(b []byte) error {
	if o.broken && time.Now().Before(o.after) {
		return errWaiting
	}
	n, err := o.file.WriteAt(b, o.size)
	if err != nil {
		if n > 0 {
			_ = o.file.Truncate(o.size)
		}
		o.failed(err)
		return err
	}
	o.size += int64(n)
	if o.broken {
		o.broken = false
		o.opt.Notice(o.path + ": written again")
	}
	return nil
}

// failed says once in a row what is wrong.
func (o *output) failed(err error) {
	o.after = time.Now().Add(retryAfter)
	if !o.broken {
		o.broken = true
		o.opt.Notice(fmt.Sprintf("%v; what was written until now is complete, packets are left out until it works again", err))
	}
}

// stay says once in a row why no other file is begun.
func (o *output) stay(err error) {
	o.retry = time.Now().Add(retryAfter)
	if !o.stuck {
		o.stuck = true
		o.opt.Notice(fmt.Sprintf("%v; %s is written further", err, o.path))
	}
}

func (o *output) close() error {
	if o.file == nil {
		return nil
	}
	err := o.file.Close()
	o.file = nil
	return err
}
