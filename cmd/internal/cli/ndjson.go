package cli

import "github.com/spf13/cobra"

// ndjsonHelp is what 'imscope help ndjson' says. A test compares it with the output.
const ndjsonHelp = `--format ndjson prints one JSON object a line (UTF-8, control characters escaped).
analyze prints, user by user, what happened in order of frames, then the findings,
last the statistics; live and analyze --stream print each line as soon as it is
known. Keys are always there, null for what is not known, unless they say otherwise.
Names are stable; new ones may come. Times are RFC 3339 in UTC with nanoseconds,
frames are numbers as Wireshark counts, durations are milliseconds.

Every line has a type, and all but the last a user.

event: a message end to end with all its hops, or what a clock did
  time, frame        of the first hop
  frames             of all hops, retransmissions included
  from, to           first and last node of its way
  kind               register, registered, deregister, challenge, response, failure,
                     subscribe, notify, third-party-register, cx, expiry, publish
  summary            what it says, in words
  method             SIP method, of a response that of its request; UAR, UAA, ... of Cx
  status             of a SIP response
  retransmissions    how often a hop was repeated
  hops               each frame, time, from, to; where it is so: retransmission, copy
                     (captured a second time), path (what it was carried in)

document: a reginfo document as one watcher got it
  watcher            ue, p-cscf, as, unknown; with watcher_uri and call_id of the subscription
  frame, time        of the NOTIFY
  version            of the document; version_before of the one before
  state              full, partial, unknown
  subscription_state of the NOTIFY, with its reason
  answer             final response to the NOTIFY
  first              this watcher's first one in the capture
  gap                a document before it is missing
  duplicate          the same as the one before
  stale              older than the one before
  changes            each aor, contact_id, contact, kind (added, changed, removed,
                     unchanged), from and to (states), event, expires and retry_after
                     (seconds), note
  unmentioned        active contacts that a partial document does not speak of, the same way
  identities         each aor with its state after the document and before it
  problems           what is wrong with its text

deregistration: one cause that ended bindings, or tried to
  initiator          user, network, expiry, unknown
  outcome            complete, incomplete, rejected, unanswered
  scope              contact, identity, all
  trigger_frame      where it began
  started, ended     when; with duration_ms
  frames             of all its messages
  contacts           that it ended
  identities         each aor with its state afterwards and before
  cause              why, in words
  verdict            the whole story in a sentence
  missing            what it lacks to be complete
  idle               accepted, but nothing was bound any more
  evidence           each frame and what it shows
  told               each watcher, watcher_uri, watcher_node, call_id, frame (null: it was
                     not told) and answer; resource where one watcher watches several
                     identities; left_out, the identities that its documents leave active
  documents          each frame and call_id of a document that tells of it
  update             in live and --stream only: true where it was told before and more
                     is known now

finding: something that was wrong
  rule               code; 'imscope findings CODE' explains it
  severity           info, warning, error
  user               whom it concerns
  title, detail      what is wrong, in general and here
  clause             that it breaks
  frames             that show it, the one to look at first
  actor              who can mend it
  doubt              why it may be an artefact of the capture
  update             in live and --stream only: true where it was told before, and more of
                     the same was found since

stats: the last line; the counts of --format json with schema, tool and captures.
With --stream users counts those again who were forgotten and came back
`

// newNDJSONHelp makes the topic 'imscope help ndjson'.
func newNDJSONHelp() *cobra.Command {
	return &cobra.Command{Use: "ndjson", Short: "The lines of --format ndjson", Long: ndjsonHelp}
}
