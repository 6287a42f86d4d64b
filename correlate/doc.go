// Package correlate merges the hops of messages, joins them into users, and tells what happened to
// each user's registration.
//
// Records come in by [Engine.Observe], one at a time, in the order of the capture; [Engine.Close]
// gives the [Report]. The steps are packages of their own: fact copies what lives on, identity
// compares URIs, story tells one user's story, finding says what was wrong.
package correlate
