// Package svg draws: a flow of messages as a ladder, and what each party believed over time as lanes.
//
// A drawing for a page borrows the page's style sheet (Style) and has no style of its own; a drawing that
// stands alone brings its colours along, for light and for dark, as literals, since many programs that
// show SVG know no CSS variables. Nothing in a drawing depends on colour alone: Cx is dashed, answers have
// open arrowheads, states have their word.
//
// All text, from the wire or not, passes through one escape on its way out.
package svg
