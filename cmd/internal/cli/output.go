package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// writeOutput gives fn a file to write, or standard output for "-". A regular file appears under its name
// once it is complete, so that what fails half-way leaves the one before it alone.
func writeOutput(s *Streams, path string, fn func(io.Writer) error) error {
	if path == "-" {
		return fn(s.Out)
	}
	const everybody = 0o666 // as far as the umask lets them
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return replaceFile(path, everybody, fn)
	case info.IsDir():
		return &fs.PathError{Op: "open", Path: path, Err: errors.New("is a directory")}
	case info.Mode().IsRegular():
		return replaceFile(path, info.Mode().Perm(), fn)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(fn(f), f.Close())
}

// replaceFile writes a file beside the one at path, and puts it in its place. A symbolic link stays one. A file that is
// there already has its mode from perm, a new one has what the umask leaves of it.
func replaceFile(path string, perm fs.FileMode, fn func(io.Writer) error) error {
	target := follow(path)
	f, err := createBeside(target, perm)
	if err != nil {
		return &fs.PathError{Op: "open", Path: path, Err: cause(err)}
	}
	buffered := bufio.NewWriterSize(f, 256<<10)
	if err = fn(buffered); err == nil {
		err = buffered.Flush()
	}
	if _, missing := os.Stat(target); err == nil && missing == nil {
		err = f.Chmod(perm)
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), target)
	}
	if err != nil {
		os.Remove(f.Name())
		return named(err, f.Name(), path)
	}
	return nil
}

// follow gives the place that a path stands for, which may be where nothing is yet.
func follow(path string) string {
	for range 40 {
		link, err := os.Readlink(path)
		if err != nil {
			break
		}
		if !filepath.IsAbs(link) {
			link = filepath.Join(filepath.Dir(path), link)
		}
		path = link
	}
	return path
}

// createBeside makes a file of another name in the same folder. Unlike os.CreateTemp it leaves the mode to the umask.
func createBeside(path string, perm fs.FileMode) (f *os.File, err error) {
	for range 100 {
		name := fmt.Sprintf("%s.%08x", "."+filepath.Base(path), rand.Uint32())
		f, err = os.OpenFile(filepath.Join(filepath.Dir(path), name), os.O_RDWR|os.O_CREATE|os.O_EXCL, perm)
		if !errors.Is(err, fs.ErrExist) {
			break
		}
	}
	return f, err
}

// named has an error speak of the file that was asked for, not of the one beside it.
func named(err error, beside, path string) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok && e.Path == beside {
		return &fs.PathError{Op: e.Op, Path: path, Err: e.Err}
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok && e.Old == beside {
		return &fs.PathError{Op: "write", Path: path, Err: e.Err}
	}
	return err
}

// cause gives an error without the name of its file.
func cause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// remembering is a writer that knows its first error, for those who write and do not look.
type remembering struct {
	w   io.Writer
	err error
}

func (r *remembering) Write(p []byte) (int, error) {
	n, err := r.w.Write(p)
	if err != nil && r.err == nil {
		r.err = err
	}
	return n, err
}
