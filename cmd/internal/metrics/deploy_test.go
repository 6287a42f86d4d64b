package metrics

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"imscope/correlate"
	"imscope/decode/capture/live"
)

// served lists the names of all metrics of a run that has something of everything.
func served(t *testing.T) map[string]bool {
	t.Helper()
	s, err := Listen("127.0.0.1:0", "v1")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.Update(&Snapshot{Inputs: []live.Counters{{Name: "h", Kind: "hep"}}, Saving: true, Forwarded: 1,
		Stats: correlate.Stats{Other: map[string]uint64{"a": 1}, Undecodable: map[string]uint64{"a": 1}, SIPRequests: map[string]uint64{"A": 1},
			SIPResponses: map[int]uint64{200: 1}, Problems: map[string]uint64{"a": 1}, Dropped: map[string]uint64{"a": 1}},
		Deregistrations: map[Deregistration]uint64{{"a", "b", "c"}: 1}, Findings: map[Finding]uint64{{"a", "b"}: 1}})
	names := map[string]bool{}
	out := make(chan prometheus.Metric, 1000)
	s.collector.Collect(out)
	close(out)
	name := regexp.MustCompile(`fqName: "([a-z_]+)"`)
	for m := range out {
		names[name.FindStringSubmatch(m.Desc().String())[1]] = true
	}
	for _, n := range []string{"imscope_build_info", "imscope_event_delay_seconds_bucket"} {
		names[n] = true
	}
	return names
}

// The dashboard and the alerts ask for metrics that there are.
func TestDeployedNames(t *testing.T) {
	names := served(t)
	asked := regexp.MustCompile(`\bimscope_[a-z_]+`)
	for _, path := range []string{"../../imscope/deploy/grafana.json", "../../imscope/deploy/alerts.yml"} {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]bool{}
		for _, n := range asked.FindAllString(string(b), -1) {
			if found[n] = true; !names[n] {
				t.Errorf("%s asks for %s, which is not served", path, n)
			}
		}
		if len(found) < 5 {
			t.Errorf("%s asks for %d metrics", path, len(found))
		}
		if strings.HasSuffix(path, ".json") {
			var v struct{ Panels []struct{ Title string } }
			if err := json.Unmarshal(b, &v); err != nil || len(v.Panels) < 10 {
				t.Errorf("%s: %d panels, %v", path, len(v.Panels), err)
			}
		}
	}
}

// The service names flags that there are; what it may do is what live needs.
func TestDeployedService(t *testing.T) {
	b, err := os.ReadFile("../../imscope/deploy/imscope-live.service")
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for _, want := range []string{"AmbientCapabilities=CAP_NET_RAW", "CapabilityBoundingSet=CAP_NET_RAW", "NoNewPrivileges=yes", "AF_PACKET", "SystemCallFilter=capset",
		"ExecReload=/bin/kill -HUP $MAINPID"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
}
