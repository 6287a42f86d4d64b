// Package report prepares what a report to hand on consists of, whatever its format: which users are told
// in detail and which are one row, which messages are shown and how they read, and what the report was
// made from. The formats lay it out.
package report
