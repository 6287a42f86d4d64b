// Package parquet writes a table of a report as an Apache Parquet file, for DuckDB, Spark, ClickHouse and
// their like, where the captures of many sites are compared.
//
// Columns and their order are those of package tables. Times are TIMESTAMP in nanoseconds UTC, durations
// DOUBLE in milliseconds, frames LIST of INT64, texts STRING. Texts are those of the wire; bytes that are no
// UTF-8, which STRING must be, become U+FFFD. What a row does not have is NULL. The same report gives the same
// bytes.
package parquet
