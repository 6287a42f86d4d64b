package capture

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	// maxFiles is what Packet.File can count.
	maxFiles = 1 << 16
	// maxSkippedNames is how many skipped files are kept by name.
	maxSkippedNames = 100
)

// SkippedFile is a file of a directory that is not read, and why.
type SkippedFile struct{ Path, Reason string }

// candidate is one input before it was looked at.
type candidate struct {
	path string
	dir  string // the directory it was found in; empty where the user named the file itself
	err  error  // the path cannot be used
}

// expand turns what the user typed into files. Directories are searched with all below them, in lexical
// order, without following links to directories.
func (s *Set) expand(paths []string) ([]candidate, error) {
	var list []candidate
	seen := map[string]bool{}
	add := func(c candidate) error {
		if c.path != "-" {
			real, err := filepath.EvalSymlinks(c.path)
			if err == nil {
				real, err = filepath.Abs(real)
			}
			if err == nil && seen[real] {
				s.skip(c.path, "the same file as one before")
				return nil
			}
			seen[real] = true
		}
		if list = append(list, c); len(list) > maxFiles {
			return fmt.Errorf("more than %d capture files", maxFiles)
		}
		return nil
	}
	stdin := false
	for _, path := range paths {
		if path == "-" {
			if stdin {
				s.skip(path, "standard input was named before")
				continue
			}
			stdin = true
			if err := add(candidate{path: path}); err != nil {
				return nil, err
			}
			continue
		}
		info, err := os.Stat(path)
		if err != nil {
			err = add(candidate{path: path, err: plain(err)})
		} else if !info.IsDir() {
			err = add(candidate{path: path})
		} else {
			err = s.walk(path, add)
		}
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// walk adds the files below dir.
func (s *Set) walk(dir string, add func(candidate) error) error {
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return add(candidate{path: path, dir: dir, err: plain(err)})
		}
		mode := e.Type()
		if mode&fs.ModeSymlink != 0 {
			info, err := os.Stat(path)
			if err != nil || info.IsDir() {
				s.skip(path, "a link that leads to no file")
				return nil
			}
			mode = info.Mode().Type()
		}
		switch {
		case mode.IsDir():
			return nil
		case !mode.IsRegular():
			s.skip(path, "not a regular file")
			return nil
		}
		return add(candidate{path: path, dir: dir})
	})
}

func (s *Set) skip(path, reason string) {
	s.skippedCount++
	if len(s.skipped) < maxSkippedNames {
		s.skipped = append(s.skipped, SkippedFile{path, reason})
	}
}

// plain drops the operation and the path from an error of the os package; our own message has them.
func plain(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	return err
}
