package metrics

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"imscope/decode/capture/live"
)

func TestServer(t *testing.T) {
	s, err := Listen("127.0.0.1:0", "v1")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	get := func(path string) (int, string) {
		resp, err := http.Get("http://" + s.Addr() + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(b)
	}
	if code, text := get("/metrics"); code != 200 || !strings.Contains(text, `imscope_build_info{version="v1"} 1`) {
		t.Errorf("before the first snapshot: %d %.200s", code, text)
	}
	s.Update(&Snapshot{Inputs: []live.Counters{{Name: "eth0", Kind: "interface", Packets: 7, Dropped: 3}}, Users: 5, Saving: true, SavedNot: 2,
		Deregistrations: map[Deregistration]uint64{{"network", "complete", "\xff\"cause\n"}: 4}})
	s.Told(int64(60 * time.Millisecond))
	_, text := get("/metrics")
	for _, want := range []string{`imscope_capture_kernel_dropped_total{input="eth0",kind="interface"} 3`, "imscope_users 5", "imscope_saved_missed_total 2",
		`imscope_event_delay_seconds_bucket{le="0.075"} 1`, `initiator="network",outcome="complete"} 4`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%.3000s", want, text)
		}
	}
	if code, text := get("/healthz"); code != 200 || text != "ok\neth0 packets 7 dropped 3 lost 0\n" {
		t.Errorf("health: %d %q", code, text)
	}
	s.updated.Store(time.Now().Add(-time.Minute).UnixNano())
	if code, text := get("/healthz"); code != 503 || !strings.Contains(text, "has not moved for 1m0s") {
		t.Errorf("health of a run that hangs: %d %q", code, text)
	}
	if code, _ := get("/nothing"); code != 404 {
		t.Errorf("%d for a page that is not there", code)
	}
}
