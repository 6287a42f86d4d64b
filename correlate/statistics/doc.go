// Package statistics sums up many users: how registrations went and how long they took, who ended them
// and why, which answers were given on which hop, what was found, over time and by group.
//
// [Observe] takes what counts out of one user's story; it is pure and may run for many users at once.
// A [Collector] adds the observations up in one pass and in bounded memory: delays in histograms, names
// of groups up to a cap with the rest under "other", time buckets that grow wider where they would become
// too many.
package statistics
