package filter

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
)

// checker looks over an expression before it is compiled: it gives comparisons their meaning where the library would give
// them another one, and finds mistakes that the library would find on each row anew.
type checker struct {
	fields map[string]bool // that are asked for
	err    *file.Error     // the first mistake
}

// severity is the field whose words have an order.
const severity = "severity"

// several are the fields that hold names.
var several = []string{"user", "node", "problem"}

// Visit implements ast.Visitor.
func (c *checker) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		c.fields[n.Value] = true
	case *ast.BuiltinNode:
		c.constant(n)
	case *ast.BinaryNode:
		c.binary(node, n)
	}
}

func (c *checker) fail(n ast.Node, format string, args ...any) {
	if c.err == nil {
		c.err = &file.Error{Location: n.Location(), Message: fmt.Sprintf(format, args...)}
	}
}

// constant tries what depends on no row.
func (c *checker) constant(n *ast.BuiltinNode) {
	if n.Name != "date" && n.Name != "duration" && n.Name != "timezone" {
		return
	}
	if slices.ContainsFunc(n.Arguments, func(a ast.Node) bool { _, ok := a.(*ast.StringNode); return !ok }) {
		return
	}
	if _, err := expr.Eval(n.String(), nil); err != nil {
		example := map[string]string{"date": "2026-11-22T08:00:00Z", "duration": "1m30s", "timezone": "Europe/Paris"}[n.Name]
		c.fail(n, "%s is no %s, %q is one", n.Arguments[0], n.Name, example)
	}
}

func (c *checker) binary(node *ast.Node, n *ast.BinaryNode) {
	word, constant := n.Right.(*ast.StringNode)
	switch n.Operator {
	case "<", "<=", ">", ">=":
		if !field(n.Left, severity) && !field(n.Right, severity) {
			return
		}
		for _, side := range []ast.Node{n.Left, n.Right} {
			if s, ok := side.(*ast.StringNode); ok && rank(s.Value) < 0 {
				c.fail(s, "%s is no severity: info, warning, error", s)
			}
		}
		ast.Patch(node, &ast.CallNode{Callee: &ast.IdentifierNode{Value: severityOrder},
			Arguments: []ast.Node{n.Left, &ast.StringNode{Value: n.Operator}, n.Right}})
	case "matches":
		if !constant {
			return
		}
		if _, err := regexp.Compile(word.Value); err != nil {
			c.fail(word, "%v", err)
		}
	case "in":
		c.in(node, n)
	}
}

// in makes comparisons of "user in [...]" and of "... in user".
func (c *checker) in(node *ast.Node, n *ast.BinaryNode) {
	if field(n.Right, several...) {
		ast.Patch(node, &ast.BinaryNode{Operator: "==", Left: n.Right, Right: n.Left})
		return
	}
	words, ok := n.Right.(*ast.ArrayNode)
	if !ok || !field(n.Left, several...) {
		return
	}
	var any ast.Node = &ast.BoolNode{}
	for i, w := range words.Nodes {
		equal := &ast.BinaryNode{Operator: "==", Left: n.Left, Right: w}
		equal.SetLocation(w.Location())
		if i == 0 {
			any = equal
			continue
		}
		any = &ast.BinaryNode{Operator: "or", Left: any, Right: equal}
	}
	ast.Patch(node, any)
}

// field reports whether a node is one of the fields.
func field(n ast.Node, names ...string) bool {
	id, ok := n.(*ast.IdentifierNode)
	return ok && slices.Contains(names, id.Value)
}
