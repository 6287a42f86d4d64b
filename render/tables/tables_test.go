package tables_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"imscope/correlate"
	"imscope/render/internal/fixture"
	"imscope/render/internal/golden"
	"imscope/render/tables"
)

// TestColumns pins what others rely on: names, order and kinds. New columns come at the end.
func TestColumns(t *testing.T) {
	var b strings.Builder
	name := regexp.MustCompile(`^[a-z][a-z_]*$`)
	for _, tab := range tables.All() {
		fmt.Fprintf(&b, "%s: %s\n", tab.Name, tab.Doc)
		seen := map[string]bool{}
		for _, c := range tab.Columns {
			fmt.Fprintf(&b, "  %s (%s) %s\n", c.Name, c.Kind, c.Doc)
			if !name.MatchString(c.Name) || seen[c.Name] || c.Doc == "" {
				t.Errorf("%s.%s: no name, a second time, or without words", tab.Name, c.Name)
			}
			seen[c.Name] = true
		}
	}
	golden.Compare(t, "columns.txt", []byte(b.String()))
	if tables.Find("users") == nil || tables.Find("chairs") != nil || !slices.Equal(tables.Names()[:2], []string{"events", "registrations"}) {
		t.Error(tables.Names())
	}
}

// rows counts the rows of a table and gives the values of some columns as text.
func rows(t *testing.T, r *correlate.Report, table string, columns ...string) []string {
	t.Helper()
	tab := tables.Find(table)
	var out []string
	for some := range tables.Gather(tab, r, func() *[]string { return new([]string) }, func(to *[]string, row []tables.Value) {
		if len(row) != len(tab.Columns) {
			t.Errorf("%d cells", len(row))
			return
		}
		var cells []string
		for _, name := range columns {
			i := slices.IndexFunc(tab.Columns, func(c tables.Column) bool { return c.Name == name })
			v := row[i]
			switch {
			case v.Absent:
				cells = append(cells, "")
			case tab.Columns[i].Kind == tables.Text:
				cells = append(cells, v.Text)
			case tab.Columns[i].Kind == tables.Bool:
				cells = append(cells, fmt.Sprint(v.Bool))
			case tab.Columns[i].Kind == tables.Ints:
				cells = append(cells, fmt.Sprint(v.Ints))
			case tab.Columns[i].Kind == tables.Texts:
				cells = append(cells, strings.Join(v.Texts, "+"))
			default:
				cells = append(cells, fmt.Sprint(v.N))
			}
		}
		*to = append(*to, strings.Join(cells, "|"))
	}) {
		out = append(out, *some...)
	}
	return out
}

func TestValues(t *testing.T) {
	r := fixture.SeedUser()
	for _, c := range []struct {
		table, columns, want string
		at, n                int
	}{
		{"events", "frame,kind,method,status,from_node,to_node,path,hops,retransmissions,transit_ms,deregistration,frames",
			"41|deregister|REGISTER||UE|S-CSCF|UE+P-CSCF+I-CSCF+S-CSCF|3|1|17000000|1|[41 42 44 47]", 8, 17},
		{"events", "frame,status,path,deregistration", "57|200|UE+P-CSCF+S-CSCF|1", 14, 17},
		{"deregistrations", "number,initiator,outcome,told,not_told,identities_gone,duration_ms,retransmissions,unanswered",
			"1|user|complete|UE+P-CSCF|AS|tel:+44-123-456-789|84000000|1|0", 0, 1},
		{"documents", "watcher,frame,version,version_before,state,gap,changed,unchanged,events,deregistration",
			"ue|53|3|0|partial|true|4|1|unregistered+registered+refreshed|1", 1, 5},
		{"findings", "severity,rule,frame,frames,time", "warning|reginfo-version-gap|25|[25 53]|1109671200230000000", 0, 2},
		{"users", "user,registered,bindings,active_bindings,deregistrations,by_user,by_network,subscriptions,documents,errors,warnings,infos",
			"sip:tobias@home1.fr|true|5|2|1|1|0|3|5|1|1|0", 0, 1},
	} {
		got := rows(t, r, c.table, strings.Split(c.columns, ",")...)
		if len(got) != c.n || got[c.at] != c.want {
			t.Errorf("%s: %d rows, %s, want %s", c.table, len(got), got[c.at], c.want)
		}
	}
}

func TestOrder(t *testing.T) {
	got := rows(t, fixture.Crowd(500), "users", "first_frame")
	for i, f := range got {
		if f != fmt.Sprint(i*10+1) {
			t.Fatalf("row %d is of frame %s", i, f)
		}
	}
	if len(got) != 500 {
		t.Errorf("%d rows", len(got))
	}
}
