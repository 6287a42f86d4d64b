package cli

import (
	"github.com/spf13/cobra"

	"imscope/cmd/internal/filter"
	"imscope/correlate"
	"imscope/correlate/finding"
	"imscope/correlate/story"
)

// filterHelp is what 'imscope help filter' says.
const filterHelp = `--filter takes an expression that compares fields with words and numbers, joined
by and, or, not and parentheses:

  method == "REGISTER" and status >= 400
  initiator == "network" and cause contains "RTR"
  finding startsWith "reginfo-" and severity == "error"
  user == "+44-123-456-789" and node == "I-CSCF"
  frame in 40..60 or time >= date("2026-11-22T08:00:00Z")

It is asked of every row: a message with all its hops, a de-registration, a
finding. A field that a row does not have is "" or 0. A user is shown when one of
its rows passes; messages, live and analyze --stream show the rows themselves.

Fields
  kind        message, deregistration or finding
  user        any identity, private identity or instance of the user; == and in
              take what --user takes: the number or the user part alone, too
  node        any node on the way of a message: role ("P-CSCF"), address, or both
              ("P-CSCF 10.0.0.1")
  method      REGISTER, SUBSCRIBE, NOTIFY, SAR, SAA, ...
  status      of a SIP response; 0 for a request and for Cx
  frame       number of the first frame
  time        of the first frame: compare with date("RFC 3339")
  call_id     Call-ID
  problem     code of what is wrong with the message; "" for none
  initiator   user, network, expiry, unknown
  outcome     complete, incomplete, rejected, unanswered
  scope       contact, identity, all
  cause       why, in words
  finding     code of the rule
  severity    info, warning, error, in this order for < and >
  summary     what the row says, in words

Operators
  == != < <= > >= in .. contains startsWith endsWith matches (a regular expression)
  user, node and problem are several names: it is enough that one is meant

messages of standard input or of a named pipe, which are listed as they come, know
no roles, and of a user only the names that stand in the message.
`

// newFilterHelp makes the topic 'imscope help filter'.
func newFilterHelp() *cobra.Command {
	return &cobra.Command{Use: "filter", Short: "The language of --filter", Long: filterHelp}
}

// compileFilter compiles --filter; nil without one.
func compileFilter(source string) (*filter.Filter, error) {
	if source == "" {
		return nil, nil
	}
	return filter.Compile(source)
}

// filterUsers makes a report of the users that pass, with their findings.
func filterUsers(rep *correlate.Report, f *filter.Filter) *correlate.Report {
	return pick(rep, passing(rep, everybody(rep), f))
}

// everybody lists the places of all users.
func everybody(rep *correlate.Report) []int {
	users := make([]int, rep.Len())
	for i := range users {
		users[i] = i
	}
	return users
}

// passing gives those of the users that pass.
func passing(rep *correlate.Report, users []int, f *filter.Filter) []int {
	byUser := map[string][]finding.Finding{}
	for _, x := range rep.Findings {
		byUser[x.User] = append(byUser[x.User], x)
	}
	var pass []int
	for i, ok := range correlate.Map(rep.Select(users), func(_ int, u *story.User) bool { return f.MatchUser(u, byUser[u.ID]) }) {
		if ok {
			pass = append(pass, users[i])
		}
	}
	return pass
}
