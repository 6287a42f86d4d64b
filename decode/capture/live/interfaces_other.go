//go:build !linux && !pcap

package live

func openInterfaces(*Source, *Options) (feeder, error) { return nil, ErrNotBuilt }
