// Package tables lays a report out flat: a row for each event, registration, de-registration, document,
// finding and user, in typed columns. Formats of rows and columns (CSV, Parquet) write these.
//
// Names and meanings of columns are stable; new ones come at the end. A column says what it holds where it
// is declared, so that the help and the files cannot tell different stories. What rows have in common joins
// them: user, frame, call_id, and the number of a de-registration among those of its user.
package tables
