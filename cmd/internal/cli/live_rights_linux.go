package cli

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// unprivileged is who a run started as root becomes.
const unprivileged = "nobody"

// account is the user that a run becomes once everything is open.
type account struct {
	name     string
	uid, gid int // -1 to stay who one is
}

// newAccount finds the user called name, or with that number; empty is nobody for root, and no change for others.
func newAccount(name string) (*account, error) {
	asked := name != ""
	if !asked {
		if os.Geteuid() != 0 {
			return &account{uid: -1, gid: -1}, nil
		}
		name = unprivileged
	}
	u, err := user.Lookup(name)
	if err != nil {
		u, err = user.LookupId(name)
	}
	if err != nil {
		if !asked {
			// The usual number of nobody, where there is no table of users: in a container.
			return &account{name, 65534, 65534}, nil
		}
		return nil, fmt.Errorf("--user-id: there is no user %s", name)
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	if err := errors.Join(err1, err2); err != nil {
		return nil, fmt.Errorf("--user-id: %w", err)
	}
	if os.Geteuid() != 0 && uid != os.Geteuid() {
		return nil, errors.New("--user-id: only root can become another user")
	}
	return &account{u.Username, uid, gid}, nil
}

// describe names the user.
func (a *account) describe() string {
	if a.uid < 0 {
		return "the user"
	}
	return a.name
}

// own gives a file to the user, so that it can be opened again after a rotation.
func (a *account) own(f *os.File) error {
	if a.uid < 0 || os.Geteuid() != 0 || a.uid == 0 {
		return nil
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return err
	}
	return f.Chown(a.uid, a.gid)
}

// mayWrite reports an error unless the user can make files beside path.
func (a *account) mayWrite(path string) error {
	if a.uid <= 0 || os.Geteuid() != 0 {
		return nil
	}
	dir := filepath.Dir(path)
	var st unix.Stat_t
	if err := unix.Stat(dir, &st); err != nil {
		return &os.PathError{Op: "stat", Path: dir, Err: err}
	}
	const w = 2
	if st.Mode&w != 0 || int(st.Uid) == a.uid && st.Mode&(w<<6) != 0 || int(st.Gid) == a.gid && st.Mode&(w<<3) != 0 {
		return nil
	}
	return fmt.Errorf("%s cannot make files in %s, which rotation needs: chown the directory, or name another user with --user-id", a.name, dir)
}

// become gives up all rights: the user, the groups, the capabilities, and ever getting any again.
func (a *account) become(notice func(string)) error {
	if a.uid == 0 {
		return nil // asked for
	}
	changed := a.uid > 0 && os.Geteuid() == 0
	if changed {
		if err := errors.Join(syscall.Setgroups([]int{a.gid}), syscall.Setgid(a.gid), syscall.Setuid(a.uid)); err != nil {
			return fmt.Errorf("cannot become %s: %w", a.name, err)
		}
		if os.Geteuid() == 0 || os.Getegid() == 0 {
			return fmt.Errorf("cannot become %s", a.name)
		}
	}
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData
	_, _, e1 := syscall.AllThreadsSyscall(unix.SYS_CAPSET, uintptr(unsafe.Pointer(&header)), uintptr(unsafe.Pointer(&none)), 0)
	_, _, e2 := syscall.AllThreadsSyscall6(unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0)
	switch {
	case e1 == syscall.ENOTSUP || e2 == syscall.ENOTSUP:
		if changed {
			break // the change of user took the capabilities of all threads
		}
		notice("built with cgo: capabilities cannot be given up in all threads; build with CGO_ENABLED=0")
	case e1 != 0:
		return fmt.Errorf("cannot give up capabilities: %w", e1)
	case e2 != 0:
		return fmt.Errorf("cannot refuse new privileges: %w", e2)
	}
	return nil
}
