// Package words holds how imscope speaks of users, nodes, messages, documents and findings, apart from
// how a format lays it out: which word stands for what and in which role (package style), what belongs
// together, and what deserves to be told first. Text comes back as it is on the wire; the formats escape it.
package words
