package live

import "time"

// HEPOptions say where a collector listens.
type HEPOptions struct {
	// Addr is HOST:PORT; UDP and TCP both.
	Addr string
	// Key is what agents have to know; empty takes everybody's messages.
	Key string
}

// FollowOptions name files that grow.
type FollowOptions struct {
	// Path is a file or a directory.
	Path string
	// FromStart also reads what is there already.
	FromStart bool
	Poll      time.Duration
}

func openHEP(*Source, HEPOptions) (feeder, error)       { return nil, nil }
func openFollow(*Source, FollowOptions) (feeder, error) { return nil, nil }
