// Package ladder draws flows of messages in a terminal: a column for each node, an arrow for each hop, time
// and frame at the left.
//
// A [Flow] is the drawing without its looks: which rows there are and in what order. Other formats that draw
// sequences may use it. What an arrow is can be told without colour: a request is a full line, an answer a
// broken one, Cx a double one.
package ladder
