package metrics

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// alive is how old the latest snapshot of a healthy run may be.
const alive = 15 * time.Second

// Server serves the metrics of one run.
type Server struct {
	collector collector
	delay     prometheus.Histogram
	listener  net.Listener
	server    http.Server
	updated   atomic.Int64 // when the latest snapshot came, ns of the wall clock
}

// Listen opens the socket, HOST:PORT, and serves until Close.
func Listen(addr, version string) (*Server, error) {
	s := &Server{}
	s.updated.Store(time.Now().UnixNano())
	registry := prometheus.NewRegistry()
	s.delay = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: namespace + "event_delay_seconds",
		Help: "Time from an event's first packet until it was told.",
		// Up to a tenth of a second is as it should be; the rest waits for its answer or for time to pass.
		Buckets: []float64{0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 10},
	})
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: namespace + "build_info", Help: "1, with the version of the program.",
		ConstLabels: prometheus.Labels{"version": version}})
	build.Set(1)
	for _, c := range []prometheus.Collector{&s.collector, s.delay, build, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})} {
		if err := registry.Register(c); err != nil {
			return nil, err
		}
	}
	var err error
	if s.listener, err = net.Listen("tcp", addr); err != nil {
		return nil, fmt.Errorf("--listen: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second}))
	mux.HandleFunc("GET /healthz", s.health)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "imscope live: /metrics /healthz")
	})
	s.server = http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	go s.server.Serve(s.listener)
	return s, nil
}

// Addr is where it listens.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Update takes over a snapshot.
func (s *Server) Update(snapshot *Snapshot) {
	s.collector.latest.Store(snapshot)
	s.updated.Store(time.Now().UnixNano())
}

// Told notes how long after its packet an event was told, in nanoseconds.
func (s *Server) Told(delay int64) { s.delay.Observe(float64(delay) / 1e9) }

// health answers 200 while the analysis goes on, 503 when it hangs.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	age := time.Duration(time.Now().UnixNano() - s.updated.Load())
	if age > alive {
		http.Error(w, fmt.Sprintf("the analysis has not moved for %s", age.Round(time.Second)), http.StatusServiceUnavailable)
		return
	}
	var b strings.Builder
	b.WriteString("ok\n")
	if c := s.collector.latest.Load(); c != nil {
		for _, in := range c.Inputs {
			fmt.Fprintf(&b, "%s packets %d dropped %d lost %d\n", in.Name, in.Packets, in.Dropped, in.Lost)
		}
	}
	fmt.Fprint(w, b.String())
}

// Close ends serving.
func (s *Server) Close() error { return s.server.Close() }
