package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"imscope/cmd/internal/who"
	"imscope/correlate/finding"
	"imscope/correlate/finding/rules"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/decode/capture/live"
	"imscope/decode/diameter"
	"imscope/decode/problem"
	"imscope/decode/reginfo"
	"imscope/decode/sip"
	"imscope/render/json"
	"imscope/render/text"
)

// findingsOptions are the flags of findings.
type findingsOptions struct {
	look
	format   string
	problems bool
}

func newFindings(s *Streams) *cobra.Command {
	opt := &findingsOptions{}
	cmd := &cobra.Command{
		Use:   "findings [CODE...]",
		Short: "List what analyze can find wrong, or explain some of it",
		Long: `findings lists the rules that analyze holds each user's story against: code,
severity, who can mend it, clause. With codes it explains these: what is on the
wire, what it means for the user, what to check next. Codes of problems of the
wire, as analyze counts them and messages shows them, are known as well.`,
		Example: `  imscope findings
  imscope findings reginfo-version-gap
  imscope findings --problems --format json`,
		RunE: func(cmd *cobra.Command, args []string) error { return runFindings(cmd, s, opt, args) },
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var codes []string
			for _, r := range rules.Catalogue() {
				codes = append(codes, r.Code+"\t"+r.Title)
			}
			return codes, cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().BoolVar(&opt.problems, "problems", false, "problems of the wire instead of rules")
	enumVar(cmd, &opt.format, "format", "output format", "text", "json")
	opt.look.flags(cmd)
	return cmd
}

// wireProblems lists every problem that decoding can report, by code.
func wireProblems() []*problem.Code {
	list := slices.Concat(capture.Codes, live.Codes, decode.Codes, sip.Codes, reginfo.Codes, diameter.Codes)
	slices.SortFunc(list, func(a, b *problem.Code) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

func runFindings(cmd *cobra.Command, s *Streams, opt *findingsOptions, codes []string) error {
	ropt, err := opt.look.options(cmd, s)
	if err != nil {
		return err
	}
	var found []*finding.Rule
	var problems []*problem.Code
	switch {
	case len(codes) > 0:
		known := wireProblems()
		for _, code := range codes {
			i := slices.IndexFunc(known, func(c *problem.Code) bool { return c.ID == code })
			switch r := rules.Find(code); {
			case r != nil:
				found = append(found, r)
			case i >= 0:
				problems = append(problems, known[i])
			default:
				return usage(cmd, unknownCode(code, known))
			}
		}
	case opt.problems:
		problems = wireProblems()
	default:
		found = rules.Catalogue()
	}
	if opt.format == "json" {
		_, err := s.Out.Write(json.AppendRules(nil, found, problems))
		return err
	}
	if len(codes) == 0 {
		if opt.problems {
			return text.Problems(s.Out, ropt, problems)
		}
		return text.Rules(s.Out, ropt, found)
	}
	for i, r := range found {
		if i > 0 {
			fmt.Fprintln(s.Out)
		}
		if err := text.Rule(s.Out, ropt, r); err != nil {
			return err
		}
	}
	if len(found) > 0 && len(problems) > 0 {
		fmt.Fprintln(s.Out)
	}
	return text.Problems(s.Out, ropt, problems)
}

// unknownCode says which code may have been meant.
func unknownCode(code string, problems []*problem.Code) error {
	var near []string
	consider := func(known string) {
		if len(near) < maxNear && (len(code) > 3 && strings.Contains(known, code) || who.Distance(code, known, 2) <= 2) {
			near = append(near, known)
		}
	}
	for _, r := range rules.Catalogue() {
		consider(r.Code)
	}
	for _, p := range problems {
		consider(p.ID)
	}
	if len(near) == 0 {
		return fmt.Errorf("unknown code %q", code)
	}
	return fmt.Errorf("unknown code %q, did you mean %s?", code, strings.Join(near, " or "))
}
