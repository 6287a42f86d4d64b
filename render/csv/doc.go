// Package csv writes tables as RFC 4180 wants them: commas, quotes where they are needed, CRLF, a line
// of column names first, UTF-8 without a byte-order mark.
//
// # Harmless in a spreadsheet
//
// A cell of text that begins with a sign at which spreadsheets start a formula (= + - @ and their
// full-width forms, a tab, a carriage return) gets an apostrophe before it, and so does such a sign
// behind a semicolon or a tab, at which a spreadsheet of another country may cut the line. Cells of
// numbers are never touched.
//
// Characters that do not print are escaped as in text output, so that a row is a line and a table may be
// looked at in a terminal.
package csv
