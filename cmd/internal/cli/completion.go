package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// shells lists the shells that completion scripts can be made for.
func shells() []string { return []string{"bash", "zsh", "fish", "powershell"} }

func newCompletion(s *Streams) *cobra.Command {
	return &cobra.Command{
		Use:       "completion " + strings.Join(shells(), "|"),
		Short:     "Print a completion script for a shell",
		Example:   "  source <(imscope completion bash)",
		ValidArgs: shells(),
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(cmd, fmt.Errorf("completion needs one of %s", strings.Join(shells(), ", ")))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(s.Out, true)
			case "zsh":
				return root.GenZshCompletion(s.Out)
			case "fish":
				return root.GenFishCompletion(s.Out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(s.Out)
			}
			return usage(cmd, fmt.Errorf("unknown shell %q (%s)", args[0], strings.Join(shells(), ", ")))
		},
	}
}
