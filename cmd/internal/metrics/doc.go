// Package metrics serves what a live run counts: Prometheus metrics at /metrics, and at /healthz whether it is alive.
//
// The run hands over a Snapshot now and then; a scrape never touches what the run works on.
package metrics
