package cli

import (
	"imscope/correlate"
	"imscope/decode"
)

type hepSender struct{}

func (*hepSender) send(*decode.Record) {}

type liveMetrics struct{}

func (*liveMetrics) update(*liveRun, *decode.Stats) {}
func (*liveMetrics) emission(correlate.Emission)    {}
func (*liveRun) serve() error                       { return nil }
func (*liveRun) unserve()                           {}
