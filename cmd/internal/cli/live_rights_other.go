//go:build !linux

package cli

import (
	"errors"
	"os"
)

// account is the user that a run becomes once everything is open; on this system, nobody else.
type account struct{}

func newAccount(name string) (*account, error) {
	if name != "" {
		return nil, errors.New("--user-id: not on this system")
	}
	return &account{}, nil
}

func (*account) own(*os.File) error        { return nil }
func (*account) mayWrite(string) error     { return nil }
func (*account) become(func(string)) error { return nil }

func (*account) describe() string { return "the user" }
