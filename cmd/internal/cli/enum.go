package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// enum is a flag that takes one of a few words.
type enum struct {
	value *string
	words []string
}

func (e enum) String() string { return *e.value }

func (e enum) Type() string { return strings.Join(e.words, "|") }

func (e enum) Set(s string) error {
	if !slices.Contains(e.words, s) {
		return fmt.Errorf("must be one of %s", strings.Join(e.words, ", "))
	}
	*e.value = s
	return nil
}

// enumVar adds such a flag with its completion; the first word is the default.
func enumVar(cmd *cobra.Command, value *string, name, help string, words ...string) {
	*value = words[0]
	cmd.Flags().Var(enum{value, words}, name, help)
	// The error is of a flag that does not exist.
	_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}
