package cli

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"imscope/cmd/internal/pcapng"
	"imscope/decode"
	"imscope/decode/capture"
	"imscope/decode/diameter"
	"imscope/decode/pseudonym"
	"imscope/decode/redact"
	"imscope/decode/sip"
)

const redactKey = "case 4711"

// each gives every message of a capture to fn.
func each(t *testing.T, path string, fn func(*decode.Record)) {
	t.Helper()
	set, err := capture.Open(context.Background(), []string{path}, capture.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	if _, err := decode.Run(context.Background(), set, decode.Options{}, func(rec *decode.Record) error { fn(rec); return nil }); err != nil {
		t.Fatal(err)
	}
}

// secrets lists what stands in the credentials of a capture, in every spelling.
func secrets(t *testing.T, path string) map[string]string {
	t.Helper()
	found := map[string]string{}
	add := func(what string, b []byte) {
		if len(b) < 8 {
			return
		}
		found[string(b)] = what
		raw := b
		if dec, err := base64.StdEncoding.DecodeString(string(b)); err == nil {
			raw = dec
		}
		if dec, err := hex.DecodeString(string(b)); err == nil {
			raw = dec
		}
		for n := 16; n <= len(raw); n += 16 {
			found[string(raw[n-16:n])] = what
			found[hex.EncodeToString(raw[n-16:n])] = what
		}
	}
	each(t, path, func(rec *decode.Record) {
		if rec.SIP != nil {
			for _, id := range []sip.HeaderID{sip.HdrAuthorization, sip.HdrWWWAuthenticate, sip.HdrProxyAuthorization, sip.HdrProxyAuthenticate} {
				for v := range rec.SIP.All(id) {
					a, _ := sip.ParseAuth(v)
					for what, b := range map[string][]byte{"nonce": a.Nonce, "response": a.Response, "cnonce": a.CNonce, "opaque": a.Opaque, "auts": a.AUTS, "ck": a.CK, "ik": a.IK} {
						add(what, b)
					}
				}
			}
			return
		}
		var walk func(diameter.AVP)
		walk = func(a diameter.AVP) {
			switch a.Code {
			case diameter.AVPSIPAuthDataItem:
				for b := range a.AVPs() {
					walk(b)
				}
			case diameter.AVPSIPAuthenticate, diameter.AVPSIPAuthorization, diameter.AVPConfidentialityKey, diameter.AVPIntegrityKey:
				add("AVP", a.Data)
			}
		}
		for a := range rec.Diameter.AVPs() {
			walk(a)
		}
	})
	return found
}

// agents gives the names of all products of a capture. They stay, whatever words they have in common with users.
func agents(t *testing.T, path string) string {
	t.Helper()
	var b strings.Builder
	each(t, path, func(rec *decode.Record) {
		if rec.SIP != nil {
			b.Write(bytes.ToLower(rec.SIP.First(sip.HdrUserAgent)))
			b.Write(bytes.ToLower(rec.SIP.First(sip.HdrServer)))
		}
	})
	return b.String()
}

// originals lists what tells who somebody is in a capture: what was replaced, in every spelling, and the secrets.
func originals(t *testing.T, path, mapFile string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(mapFile)
	if err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(mapFile); info.Mode().Perm() != 0o600 {
		t.Errorf("the map has mode %v", info.Mode())
	}
	var m entries
	if err := json.Unmarshal(data, &m); err != nil || m.Schema != "imscope-redaction/1" || len(m.Entries) == 0 {
		t.Fatal(err, m)
	}
	found := secrets(t, path)
	products := agents(t, path)
	for _, e := range m.Entries {
		if len(e.Original) != len(e.Pseudonym) || e.Original == e.Pseudonym {
			t.Errorf("%+v", e)
		}
		// Shorter names are found in words of other meaning; the identities and hosts that they stand in are looked for.
		const shortest = 6
		if len(e.Original) < shortest || e.Kind == pseudonym.KindName && strings.Contains(products, strings.ToLower(e.Original)) {
			continue
		}
		found[e.Original] = string(e.Kind)
		switch e.Kind {
		case pseudonym.KindAddress:
			if a, err := netip.ParseAddr(e.Original); err == nil {
				found[string(a.AsSlice())] = "address in binary"
				found[hex.EncodeToString(a.AsSlice())] = "address in hexadecimal"
			}
		case pseudonym.KindIdentity, pseudonym.KindIMSI, pseudonym.KindNumber:
			found[hex.EncodeToString([]byte(e.Original))] = "identity in hexadecimal"
			found[strings.ReplaceAll(e.Original, "@", "%40")] = "escaped identity"
		case pseudonym.KindHardware:
			raw, _ := hex.DecodeString(e.Original)
			found[string(raw)] = "hardware address"
		}
	}
	return found
}

// left says what of the originals is in an output.
func left(t *testing.T, name string, out []byte, originals map[string]string) {
	t.Helper()
	if len(out) == 0 {
		t.Errorf("%s is empty", name)
	}
	low := bytes.ToLower(out)
	for s, what := range originals {
		if i := bytes.Index(low, bytes.ToLower([]byte(s))); i >= 0 {
			t.Errorf("%s: %s %q is left: …%q…", name, what, s, out[max(0, i-40):min(len(out), i+len(s)+40)])
		}
	}
}

// No output holds what was replaced.
func TestRedactLeavesNothing(t *testing.T) {
	for _, path := range sampleFiles(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			dir := t.TempDir()
			mapFile := filepath.Join(dir, "map.json")
			flags := []string{path, "--quiet", "--redact", "--redact-key", redactKey, "--redact-plmn", "hide"}
			user := analyzed(t, path)["users"].([]any)[0].(object)["id"].(string)
			pcap := filepath.Join(dir, "out.pcapng")
			must(t, append([]string{"extract", "--all", "-w", pcap, "--redact-map", mapFile}, flags...)...)
			want := originals(t, path, mapFile)
			data, err := os.ReadFile(pcap)
			if err != nil {
				t.Fatal(err)
			}
			left(t, "extract", data, want)
			for _, args := range [][]string{
				{"analyze", "--all"}, {"analyze", "--view", "ladder"}, {"analyze", "--format", "json"}, {"analyze", "--format", "ndjson"},
				{"analyze", "--user", user}, {"analyze", "--format", "csv", "--table", "events"}, {"analyze", "--format", "parquet", "--table", "events"},
				{"messages"}, {"messages", "--raw"}, {"messages", "--format", "ndjson"}, {"messages", "--user", user},
				{"stats"}, {"stats", "--format", "json"}, {"stats", "--format", "csv"},
			} {
				out, errs := must(t, append(args, flags...)...)
				left(t, strings.Join(args, " "), []byte(out+errs), want)
			}
			tables := filepath.Join(dir, "tables")
			must(t, append([]string{"analyze", "--format", "csv", "--table", "all", "-o", tables}, flags...)...)
			for _, name := range []string{"report.html", "report.md", "report.svg"} {
				file := filepath.Join(tables, name)
				must(t, append([]string{"report", "-o", file, "--title", "about " + user}, flags...)...)
			}
			must(t, append([]string{"report", "-o", filepath.Join(tables, "user.html"), "--user", user}, flags...)...)
			err = filepath.WalkDir(tables, func(p string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				data, err := os.ReadFile(p)
				left(t, filepath.Base(p), data, want)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

var timeText = regexp.MustCompile(`^\d{4}-\d\d-\d\dT[\d:.]+Z$`)

// replaced redacts all texts of JSON.
func replaced(r *redact.Redactor, v any) any {
	switch v := v.(type) {
	case object:
		out := object{}
		for k, e := range v {
			switch k {
			case "clause", "user_agent", "user_agents": // of specifications and products
				out[k] = e
			default:
				out[k] = replaced(r, e)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = replaced(r, e)
		}
		return out
	case string:
		if filepath.IsAbs(v) {
			return "capture 1"
		}
		if timeText.MatchString(v) {
			return v
		}
		return r.String(v)
	}
	return v
}

// What redacted captures tell is what the captures tell, with names replaced: nothing fell together, nothing fell apart,
// and no conclusion is another one. That holds for redacting messages and for redacting packets.
func TestRedactTellsTheSame(t *testing.T) {
	for _, path := range sampleFiles(t) {
		for _, flags := range [][]string{{"--redact-key", redactKey}, {"--redact-key", "other", "--redact-plmn", "hide"}, {"--redact-key", "third", "--redact-hosts", "keep"}} {
			t.Run(filepath.Base(path)+strings.Join(flags[2:], "_"), func(t *testing.T) {
				flags := append([]string{"--redact"}, flags...)
				r := redact.New(pseudonym.New([]byte(flags[2]), pseudonym.Options{HidePLMN: slices.Contains(flags, "hide"), KeepHosts: slices.Contains(flags, "--redact-hosts")}))
				each(t, path, func(rec *decode.Record) { r.Learn(rec) })
				want := replaced(r, analyzed(t, path)).(object)
				got := analyzed(t, append([]string{path}, flags...)...)
				if d := difference("", any(got), any(want)); d != "" {
					t.Errorf("messages redacted: %s", d)
				}

				// The packets without signalling are left out: the whole without them is what compares.
				dir := t.TempDir()
				plain, redacted := filepath.Join(dir, "plain.pcapng"), filepath.Join(dir, "redacted.pcapng")
				must(t, "extract", path, "--all", "-w", plain)
				must(t, append([]string{"extract", path, "--all", "-w", redacted}, flags...)...)
				want, got = replaced(r, analyzed(t, plain)).(object), analyzed(t, redacted)
				delete(want, "captures") // the name of the file
				delete(got, "captures")
				if d := difference("", any(got), any(want)); d != "" {
					t.Errorf("packets redacted: %s", d)
				}
			})
		}
	}
}

// Without a key no two runs agree, with one all do.
func TestRedactKeys(t *testing.T) {
	path := sampleFiles(t)[0]
	one, errs := must(t, "analyze", path, "--redact")
	if !strings.Contains(errs, "--redact-key") {
		t.Errorf("stderr %q", errs)
	}
	if two, _ := must(t, "analyze", path, "--redact"); one == two {
		t.Error("two runs without a key agree")
	}
	keyed, errs := must(t, "analyze", path, "--redact", "--redact-key", "k")
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte("k\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if again, _ := must(t, "analyze", path, "--redact", "--redact-key", "@"+file); again != keyed || strings.Contains(errs, "--redact-key") {
		t.Errorf("a key in a file makes another report; stderr %q", errs)
	}
	var out, stderr bytes.Buffer
	s := &Streams{Out: &out, Err: &stderr, Width: func() int { return 0 }, Getenv: func(name string) string { return map[string]string{keyVariable: "k"}[name] }}
	if code := Main([]string{"analyze", path, "--redact"}, s); code != 0 || out.String() != keyed {
		t.Errorf("a key in the environment makes another report: %d %s", code, stderr.String())
	}
}

// Interfaces are named by people: after a place, or a customer.
func TestRedactInterfaces(t *testing.T) {
	pks, _ := packets(t, sampleFiles(t)[0])
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.pcapng"), filepath.Join(dir, "out.pcapng")
	f, err := os.Create(in)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := pcapng.NewWriter(f, pcapng.Options{Interface: func(uint16, uint32) capture.Interface {
		return capture.Interface{Name: "eth-bonn0", Description: "Bonn", Resolution: pcapng.Nanoseconds}
	}})
	for i := range pks {
		if err := w.Packet(&pks[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	must(t, "extract", in, "--all", "--redact", "-w", out)
	_, info := packets(t, out)
	for _, f := range info.Interfaces {
		if f.Name == "eth-bonn0" || !regexp.MustCompile(`^eth-[a-z]{4}[0-9]$`).MatchString(f.Name) || f.Description != "" {
			t.Errorf("interface %+v", f)
		}
	}
}
