// Package story turns the facts of one user into what happened: bindings, subscriptions with the
// diff of each reginfo document, de-registrations with initiator, cause and outcome, and a timeline.
//
// Tell is a pure function of the user's facts and of what the capture as a whole knows (node roles,
// its last moment). It looks back with hindsight: the NOTIFY that precedes the 200 of a de-REGISTER
// belongs to that de-registration all the same.
package story
