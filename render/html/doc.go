// Package html writes the flow report: one page that explains registrations to somebody who has neither
// the capture nor this program. It needs nothing but itself: no network, no other file, and without
// JavaScript it is a document all the same.
//
// Text of the wire gets into the page in two ways only: through html/template, and through package svg,
// which escapes by itself. Behind both of them a last writer makes visible whatever control characters
// or changes of the direction of writing are left. The page's policy (Content-Security-Policy) allows its
// own script and style by their hashes and nothing else, so that even markup that got through would do nothing.
package html
