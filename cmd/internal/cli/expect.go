package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"imscope/cmd/internal/expectation"
	"imscope/correlate"
)

// newExpectHelp makes the topic 'imscope help expect'.
func newExpectHelp() *cobra.Command {
	return &cobra.Command{Use: "expect", Short: "The file of --expect", Long: expectation.Help}
}

// readExpectation reads the file of --expect; nil without one.
func readExpectation(path string) (*expectation.Expectation, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	e, err := expectation.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return e, nil
}

// differs prints what is not as expected, and reports whether anything is.
func differs(s *Streams, want *expectation.Expectation, rep *correlate.Report) bool {
	if want == nil {
		return false
	}
	lines := want.Check(rep)
	for _, l := range lines {
		say(s.Err, "%s", l)
	}
	return len(lines) > 0
}
