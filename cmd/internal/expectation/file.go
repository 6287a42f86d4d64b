package expectation

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"imscope/correlate/finding/rules"
	"imscope/correlate/story"
	"imscope/decode/problem"
)

// Help tells what a file may say.
const Help = `--expect takes a YAML file that says what the captures should hold, prints a line
for each difference on standard error, and exits with 1 if there is one. What the
file does not say is not checked.

  users: 2                      # how many users
  deregistrations:              # how many took place, by initiator: user, network,
    user: 1                     # expiry, unknown; those that are not named must be 0
    network: 1
  user:
    - id: sip:alice@home1.net   # any name of the user that --user takes, if it is one
                                # user's only
      deregistrations:          # all of them, in order; each with some of these
        - initiator: user
          outcome: complete     # or incomplete, rejected, unanswered
          scope: contact        # or identity, all
          contact: sip:alice@10.0.0.1:5060
          cause: asked          # a part of it
      active: [tel:+15550001]   # who is still registered at the end, [] for nobody
      subscriptions: 2
  findings:
    allow: [reginfo-first-version]     # may occur
    require: [reginfo-expiry-short]    # must occur
    severity: warning                  # others at or above must not: info, warning
                                       # (the default), error
  counts:                       # packets, sip_messages, unique_messages,
    sip_messages: 42            # reginfo_documents, diameter_messages,
    reginfo_documents: 4        # retransmissions, duplicates
`

// Expectation is what a file says. Fields that are nil are not checked.
type Expectation struct {
	Users           *int              `yaml:"users"`
	Deregistrations map[initiator]int `yaml:"deregistrations"`
	User            []User            `yaml:"user"`
	Findings        *Findings         `yaml:"findings"`
	Counts          map[count]uint64  `yaml:"counts"`
}

// User is what is expected of one user.
type User struct {
	ID              string           `yaml:"id"`
	Deregistrations []Deregistration `yaml:"deregistrations"`
	Active          []string         `yaml:"active"`
	Subscriptions   *int             `yaml:"subscriptions"`
}

// Deregistration is what is expected of one de-registration; what is empty is not checked.
type Deregistration struct {
	Initiator initiator `yaml:"initiator"`
	Outcome   outcome   `yaml:"outcome"`
	Scope     scope     `yaml:"scope"`
	Contact   string    `yaml:"contact"`
	Cause     string    `yaml:"cause"` // a part of it
}

// Findings is what may and must be found.
type Findings struct {
	Allow    []code   `yaml:"allow"`
	Require  []code   `yaml:"require"`
	Severity severity `yaml:"severity"`
}

// maxFile bounds an expectation file.
const maxFile = 1 << 20

// Read reads an expectation. What it does not know is an error, with its line.
func Read(r io.Reader) (*Expectation, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxFile {
		return nil, fmt.Errorf("longer than %d bytes", maxFile)
	}
	var e Expectation
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(&e); err != nil && err != io.EOF {
		return nil, plain(err)
	}
	var second yaml.Node
	switch err := dec.Decode(&second); {
	case err == nil:
		return nil, fmt.Errorf("line %d: a second document; a file has one", second.Line)
	case err != io.EOF:
		return nil, plain(err)
	}
	for i, u := range e.User {
		if strings.TrimSpace(u.ID) == "" {
			return nil, fmt.Errorf("user %d has no id", i+1)
		}
	}
	return &e, nil
}

var (
	unknownKey = regexp.MustCompile(`field (\S+) not found in type \S+`)
	wrongKind  = regexp.MustCompile("cannot unmarshal !!(\\w+)(?: `(.*)`)? into (\\S+)")
)

// plain words an error of the library without the names of Go's types.
func plain(err error) error {
	t, ok := errors.AsType[*yaml.TypeError](err)
	if !ok {
		return errors.New("no YAML: " + strings.TrimPrefix(err.Error(), "yaml: "))
	}
	var lines []string
	for _, text := range t.Errors {
		text = unknownKey.ReplaceAllString(text, `unknown key "$1"`)
		if m := wrongKind.FindStringSubmatch(text); m != nil {
			text = strings.Replace(text, m[0], kind(m[1], m[2])+" where "+wanted(m[3])+" belongs", 1)
		}
		lines = append(lines, text)
	}
	return errors.New(strings.Join(lines, "; "))
}

// kind names what stands in a file.
func kind(tag, value string) string {
	switch {
	case tag == "seq":
		return "a list"
	case tag == "map":
		return "a map of keys"
	}
	return fmt.Sprintf("%q", value)
}

// wanted names what should stand there for a type of Go.
func wanted(goType string) string {
	switch {
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	case strings.HasPrefix(goType, "int"), strings.HasPrefix(goType, "uint"):
		return "a number"
	case goType == "string":
		return "a word"
	}
	return "a map of keys"
}

// Words of which only some make sense.
type (
	initiator string
	outcome   string
	scope     string
	severity  string
	code      string // of a rule
	count     string
)

func (w *initiator) UnmarshalYAML(n *yaml.Node) error {
	return word(n, (*string)(w), "initiator", story.ByUser, story.ByNetwork, story.ByExpiry, story.ByUnknown)
}

func (w *outcome) UnmarshalYAML(n *yaml.Node) error {
	return word(n, (*string)(w), "outcome", story.Complete, story.Incomplete, story.Rejected, story.Unanswered)
}

func (w *scope) UnmarshalYAML(n *yaml.Node) error {
	return word(n, (*string)(w), "scope", story.ScopeContact, story.ScopeIdentity, story.ScopeAll)
}

func (w *severity) UnmarshalYAML(n *yaml.Node) error {
	return word(n, (*string)(w), "severity", problem.Info.String(), problem.Warning.String(), problem.Error.String())
}

func (w *count) UnmarshalYAML(n *yaml.Node) error {
	return word(n, (*string)(w), "count", slices.Sorted(maps.Keys(counts))...)
}

func (w *code) UnmarshalYAML(n *yaml.Node) error {
	if err := n.Decode((*string)(w)); err != nil {
		return err
	}
	if rules.Find(string(*w)) == nil {
		return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: no rule has the code %q; 'imscope findings' lists them", n.Line, *w)}}
	}
	return nil
}

// word takes one of the known words.
func word(n *yaml.Node, to *string, what string, known ...string) error {
	if err := n.Decode(to); err != nil {
		return err
	}
	if !slices.Contains(known, *to) {
		return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: no %s %q: %s", n.Line, what, *to, strings.Join(known, ", "))}}
	}
	return nil
}
