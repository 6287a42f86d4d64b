package compare

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Difference is what two messages do not say alike. An empty side does not say it at all.
type Difference struct {
	What        string // header, "header;parameter", AVP
	Left, Right string
}

// fields compares the header fields of two messages, in the order of the left one.
func fields(left, right []Field) []Difference {
	var list []Difference
	for _, f := range left {
		g := named(right, f.Name)
		if g == nil {
			list = append(list, Difference{f.Name, values(f.Values), ""})
			continue
		}
		list = append(list, field(&f, g)...)
	}
	for _, g := range right {
		if named(left, g.Name) == nil {
			list = append(list, Difference{g.Name, "", values(g.Values)})
		}
	}
	return list
}

func named(list []Field, name string) *Field {
	for i := range list {
		if strings.EqualFold(list[i].Name, name) {
			return &list[i]
		}
	}
	return nil
}

// field compares the values of one header field.
func field(f, g *Field) []Difference {
	if f.set {
		return set(f, g)
	}
	var list []Difference
	if len(f.Values) != len(g.Values) {
		list = append(list, Difference{f.Name + " (values)", fmt.Sprint(len(f.Values)), fmt.Sprint(len(g.Values))})
	}
	for i := range min(len(f.Values), len(g.Values)) {
		name := f.Name
		if i > 0 {
			name = fmt.Sprintf("%s (%d)", f.Name, i+1)
		}
		v, w := f.Values[i], g.Values[i]
		if v.Main != w.Main && !about(v.Main, w.Main) {
			list = append(list, Difference{name, v.Main, w.Main})
		}
		list = append(list, parameters(name, v.Params, w.Params)...)
	}
	return list
}

// parameters compares the parameters of a value. A parameter may be there several times.
func parameters(name string, left, right []Param) []Difference {
	var list []Difference
	value := func(l []Param, n string) (v string, ok bool) {
		for _, p := range l {
			if p.Name == n {
				if ok {
					v += ", "
				}
				v, ok = v+p.Value, true
			}
		}
		if ok && v == "" {
			v = "there"
		}
		return v, ok
	}
	done := map[string]bool{}
	for _, l := range [...][]Param{left, right} {
		for _, p := range l {
			if done[p.Name] {
				continue
			}
			done[p.Name] = true
			a, _ := value(left, p.Name)
			b, _ := value(right, p.Name)
			if a != b && !about(a, b) {
				list = append(list, Difference{name + ";" + p.Name, a, b})
			}
		}
	}
	return list
}

// about reports whether two values are times that differ by less than a hundredth: what is left of an hour depends on
// when one looks.
func about(a, b string) bool {
	x, err := strconv.ParseInt(a, 10, 64)
	y, err2 := strconv.ParseInt(b, 10, 64)
	return err == nil && err2 == nil && x > 0 && y > 0 && max(x, y)-min(x, y) < max(x, y)/100
}

// set compares values whose order means nothing: those that one side has alone.
func set(f, g *Field) []Difference {
	a, b := sorted(f.Values), sorted(g.Values)
	only := func(l, other []string) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(l), func(s string) bool { return slices.Contains(other, s) }), ", ")
	}
	l, r := only(a, b), only(b, a)
	if l == "" && r == "" {
		return nil
	}
	return []Difference{{f.Name, l, r}}
}

// values gives all values of a field as it is shown.
func values(list []Value) string {
	out := make([]string, 0, len(list))
	for _, v := range list {
		out = append(out, v.String())
	}
	return strings.Join(out, ", ")
}
