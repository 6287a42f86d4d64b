// Package markdown writes the flow report as Markdown for a ticket: what the page of package html tells, as
// tables, Mermaid sequence diagrams and coloured differences that GitHub and GitLab draw, with the details folded.
//
// Nothing of the wire becomes markup there: no link, no mention, no reference to an issue, a commit or a
// milestone, no emoji, no formula. Texts are taken apart into words, and every word that is not plainly a
// word or number stands in a code span, where both leave it alone; tables, folded headings, code blocks and diagrams
// have their own escapes. Frames are told as numbers without "#", which would be a link to an issue.
package markdown
