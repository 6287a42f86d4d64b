package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"imscope/render"
	"imscope/samples"
)

func newSamples(s *Streams) *cobra.Command {
	return &cobra.Command{
		Use:   "samples DIR",
		Short: "Write sample captures into a directory",
		Long: `samples writes the captures that the program brings along into DIR, which is made
if it does not exist. Files of the same names are overwritten.`,
		Example: `  imscope samples ~/ims
  imscope analyze ~/ims/user-initiated.pcapng`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(cmd, errors.New("samples needs one directory"))
			}
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(_ *cobra.Command, args []string) error { return runSamples(s, args[0]) },
	}
}

func runSamples(s *Streams, dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	written, err := samples.Write(root)
	if err != nil {
		return err
	}
	width := 0
	for _, w := range written {
		width = max(width, len(w.File()))
	}
	for _, w := range written {
		if _, err := fmt.Fprintf(s.Out, "%s%*s  %s\n", render.Escape(filepath.Join(dir, w.File())), width-len(w.File()), "", w.Title); err != nil {
			return err
		}
	}
	return nil
}
