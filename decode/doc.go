// Package decode turns captures into an ordered stream of signalling messages: frames from a capture.Source go in,
// Records with one SIP or Diameter message each come out, with the frames that carried it.
//
// Run is the only entry. It reads batches, walks and parses them on several goroutines, and puts fragments, TCP and
// SCTP together in capture order on the goroutine of its caller, so the records do not depend on the number of
// workers. It knows nothing of users: what messages mean is for package correlate.
//
// Every packet of the capture is counted exactly once in Stats: as signalling, as something else that was understood,
// or as undecodable with the reason.
package decode
