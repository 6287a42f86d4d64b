// Package xmlscan splits XML, sound or damaged, into tags and the text behind them.
//
// It is a tokenizer and nothing more: no tree, no namespaces, no entity expansion, no allocation.
// Offsets into the input come out, so that callers can borrow and can name the place of damage.
//
// The one idea: in well-formed XML a '<' only ever starts markup. So the document is cut at every
// '<' first, and a tag can never reach past the next one. A tag whose end was cropped, or a quoted
// value whose quote was lost, then damages itself alone and not the rest of the document.
package xmlscan
