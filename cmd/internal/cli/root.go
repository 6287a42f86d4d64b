package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// Main runs the command line and gives the exit code of the process.
func Main(args []string, s *Streams) int {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	in := s.In
	var pipe *pipedInput
	if s.InPipe {
		pipe = &pipedInput{r: s.In}
		in = pipe
	}
	defer onSignal(cancel, pipe, s.Err)()

	wrapped := *s
	s = &wrapped
	out := &remembering{w: s.Out}
	s.In, s.Out = in, interruptible{ctx, out}
	root := newRoot(s)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil && out.err != nil {
		err = outputError(out.err) // help was written without a look
	}
	return exit(ctx, s.Err, err)
}

// newRoot makes the command without a verb.
func newRoot(s *Streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "imscope COMMAND",
		Short: "Tell what captured IMS traffic says about each subscriber",
		Long: `imscope reads captured IMS traffic (SIP, reginfo, Diameter Cx) and tells, per
subscriber: registered or not, de-registered by whom and why, what each party
believed at each moment, and what was wrong.

Exit status: 0 done; 1 a finding or difference that was asked about; 2 wrong usage;
3 an input that cannot be read, an output that cannot be written, or no such user;
128 and the number of the signal where one ended it: 130 Ctrl-C, 143 SIGTERM, 129 a
terminal that went away. live, and what reads a pipe, end with Ctrl-C as they should.`,
		Example: `  imscope samples ~/ims                       # captures to try it with
  imscope analyze ~/ims/user-initiated.pcapng
  imscope analyze --user +44-123-456-789 captures/
  tcpdump -w - 'udp port 5060' | imscope analyze -`,
		SilenceErrors: true, // exit prints them
		SilenceUsage:  true,

		DisableFlagsInUseLine:      true,
		SuggestionsMinimumDistance: 2,
		CompletionOptions:          cobra.CompletionOptions{DisableDefaultCmd: true},
		Args:                       noSuchCommand,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		Version:                    versionText(),
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetIn(s.In)
	root.SetOut(s.Out)
	root.SetErr(s.Err)
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newAnalyze(s), newLive(s), newReport(s), newStats(s), newMessages(s), newExtract(s), newCompare(s), newFindings(s), newSamples(s), newCompletion(s), newVersion(s), newFilterHelp(), newExpectHelp(), newTablesHelp(), newNDJSONHelp())
	root.SetHelpCommand(newHelp(root))
	return root
}

// noSuchCommand refuses arguments of a command that has verbs.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	text := fmt.Sprintf("unknown command %q", args[0])
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		text += ", did you mean " + strings.Join(near, " or ") + "?"
	}
	return usage(cmd, fmt.Errorf("%s", text))
}

// atLeastOne asks for arguments, by their name.
func atLeastOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usage(cmd, fmt.Errorf("%s needs %s", cmd.Name(), what))
		}
		return nil
	}
}

// none refuses arguments.
func none(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage(cmd, fmt.Errorf("%s takes no argument, got %q", cmd.Name(), args[0]))
	}
	return nil
}

// newHelp makes the help command. Unlike cobra's own it fails where there is nothing to tell.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Help about a command",
		RunE: func(cmd *cobra.Command, args []string) error {
			found, rest, err := root.Find(args)
			if err == nil && len(rest) > 0 && found != root {
				return usage(root, fmt.Errorf("unknown command %q", strings.Join(args, " ")))
			}
			if err != nil || len(rest) > 0 {
				return noSuchCommand(root, args)
			}
			return found.Help()
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, c := range root.Commands() {
				if c.IsAvailableCommand() {
					names = append(names, c.Name()+"\t"+c.Short)
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
}
