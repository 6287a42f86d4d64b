// Package decode turns captures into an ordered stream of signalling messages: frames from a capture.Source go in,
// Records with one SIP or Diameter message each come out, with the frames that carried it.
//
// Run is the only entry. Several workers read batches in turn, walk and parse them side by side, and in turn again, in
// capture order, put fragments, TCP and SCTP together and hand out the records, which so do not depend on the number
// of workers. It knows nothing of users: what messages mean is for package correlate.
//
// Every packet of the capture is counted exactly once in Stats: as signalling, as something else that was understood,
// or as undecodable with the reason.
package decode
