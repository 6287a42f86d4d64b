package metrics

import (
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
)

const namespace = "imscope_"

// desc describes one metric.
func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(namespace+name, help, labels, nil)
}

// The metrics that are made of snapshots.
var (
	inputPackets = desc("capture_packets_total", "Packets taken from an input.", "input", "kind")
	inputBytes   = desc("capture_bytes_total", "Captured bytes taken from an input.", "input", "kind")
	inputDropped = desc("capture_kernel_dropped_total", "Packets dropped by the kernel because the ring or socket was full.", "input", "kind")
	inputShed    = desc("capture_media_left_out_total", "Media packets left out because the analysis was slower than the network.", "input", "kind")
	inputLost    = desc("capture_lost_total", "Other packets left out because the queue was full.", "input", "kind")
	inputRefused = desc("hep_refused_total", "HEP messages with a wrong key, connections beyond the limit, and what is no HEP.", "input", "kind")

	queueLength = desc("queue_batches", "Batches of packets that wait for the analysis.")
	queueLimit  = desc("queue_limit_batches", "Batches of packets that may wait for the analysis.")
	clock       = desc("capture_clock_seconds", "Time of the latest packet, and what has passed since.")

	packets     = desc("packets_total", "Packets decoded, by what they were: signalling, a class of others, or undecodable.", "class")
	undecodable = desc("packets_undecodable_total", "Packets that could not be read, by reason.", "reason")
	messages    = desc("messages_total", "Messages on all hops.", "protocol")
	requests    = desc("sip_requests_total", "SIP requests on all hops.", "method")
	responses   = desc("sip_responses_total", "SIP responses on all hops.", "code")
	documents   = desc("reginfo_documents_total", "reginfo documents.")
	repeats     = desc("retransmissions_total", "Retransmitted messages.")
	problems    = desc("problems_total", "Problems of messages, by code.", "code")

	registrations   = desc("registrations_total", "Registrations that were granted, refreshes included.")
	deregistrations = desc("deregistrations_total", "De-registrations and attempts at it.", "initiator", "outcome", "cause")
	findings        = desc("findings_total", "Findings by rule.", "rule", "severity")
	users           = desc("users", "Users that are held in memory.")
	usersDropped    = desc("users_forgotten_total", "Users without a binding who were silent for long.")
	folded          = desc("exchanges_forgotten_total", "Exchanges that were forgotten because they are over.")
	limits          = desc("limit_reached_total", "What was left out because of a limit, by limit.", "limit")

	incomplete  = desc("fragments_incomplete_total", "Datagrams whose fragments were not all captured.")
	gaps        = desc("tcp_gaps_total", "Places in TCP connections where bytes are missing.")
	skipped     = desc("tcp_skipped_bytes_total", "Bytes of signalling connections passed over in search of a message.")
	evictedTCP  = desc("tcp_evicted_total", "Directions of TCP connections given up because of a limit.")
	evictedFrag = desc("fragments_evicted_total", "Datagrams in fragments given up because of a limit.")

	savedPackets = desc("saved_packets_total", "Packets written by -w.")
	savedBytes   = desc("saved_bytes_total", "Bytes of packets written by -w.")
	savedFiles   = desc("saved_files_total", "Files begun by -w.")
	savedNot     = desc("saved_missed_total", "Signalling packets that -w could not write.")
	forwarded    = desc("hep_sent_total", "Messages sent on as HEP.")
	forwardedNot = desc("hep_unsent_total", "Messages that could not be sent on as HEP.")
)

// collector makes metrics of the latest snapshot.
type collector struct{ latest atomic.Pointer[Snapshot] }

// Describe implements prometheus.Collector. Which metrics there are depends on the run.
func (*collector) Describe(chan<- *prometheus.Desc) {}

// Collect implements prometheus.Collector.
func (c *collector) Collect(out chan<- prometheus.Metric) {
	s := c.latest.Load()
	if s == nil {
		return
	}
	counter := func(d *prometheus.Desc, v uint64, labels ...string) {
		for i := range labels { // some are words of the wire
			labels[i] = strings.ToValidUTF8(labels[i], "\uFFFD")
		}
		out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v), labels...)
	}
	gauge := func(d *prometheus.Desc, v float64) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v)
	}
	for _, in := range s.Inputs {
		counter(inputPackets, in.Packets, in.Name, in.Kind)
		counter(inputBytes, in.Bytes, in.Name, in.Kind)
		counter(inputDropped, in.Dropped, in.Name, in.Kind)
		counter(inputShed, in.Shed, in.Name, in.Kind)
		counter(inputLost, in.Lost, in.Name, in.Kind)
		if in.Kind == "hep" {
			counter(inputRefused, in.Refused, in.Name, in.Kind)
		}
	}
	gauge(queueLength, float64(s.Queue))
	gauge(queueLimit, float64(s.QueueOf))
	gauge(clock, s.Clock)

	st := &s.Stats
	counter(packets, st.Signalling, "signalling")
	for class, n := range st.Other {
		counter(packets, n, class)
	}
	for reason, n := range st.Undecodable {
		counter(undecodable, n, reason)
	}
	counter(messages, st.SIPMessages, "sip")
	counter(messages, st.DiameterMessages, "diameter")
	for method, n := range st.SIPRequests {
		counter(requests, n, method)
	}
	for code, n := range st.SIPResponses {
		counter(responses, n, strconv.Itoa(code))
	}
	counter(documents, st.ReginfoDocuments)
	counter(repeats, st.Retransmissions)
	for code, n := range st.Problems {
		counter(problems, n, code)
	}

	counter(registrations, s.Registrations)
	for d, n := range s.Deregistrations {
		counter(deregistrations, n, d.Initiator, d.Outcome, d.Cause)
	}
	for f, n := range s.Findings {
		counter(findings, n, f.Rule, f.Severity)
	}
	gauge(users, float64(s.Users))
	counter(usersDropped, s.UsersDropped)
	counter(folded, s.Folded)
	for limit, n := range st.Dropped {
		counter(limits, n, limit)
	}

	counter(incomplete, s.Fragments.Incomplete)
	counter(evictedFrag, s.Fragments.Evicted)
	counter(gaps, s.Streams.Gaps)
	counter(skipped, s.Streams.SkippedBytes)
	counter(evictedTCP, s.Streams.Evicted)

	if s.Saving {
		counter(savedPackets, s.SavedPackets)
		counter(savedBytes, s.SavedBytes)
		counter(savedFiles, s.SavedFiles)
		counter(savedNot, s.SavedNot)
	}
	if s.Forwarded+s.ForwardedNot > 0 {
		counter(forwarded, s.Forwarded)
		counter(forwardedNot, s.ForwardedNot)
	}
}
