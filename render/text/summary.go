package text

import (
	"cmp"
	"slices"
	"strings"

	"imscope/correlate"
	"imscope/decode/capture"
	"imscope/decode/problem"
	"imscope/render"
	"imscope/render/style"
	"imscope/render/words"
)

// maxCaptures is how many input files are listed unless everything is asked for.
const maxCaptures = 5

// captures writes what was read.
func (p *page) captures(files []capture.FileInfo, all bool) {
	var packets uint64
	var first, last int64
	tab := &table{columns: []column{{min: 20}, {spare: 1}, {right: true}, {min: 20}}}
	for i := range files {
		f := &files[i]
		packets += f.Packets
		if f.HasTime {
			if first == 0 || f.FirstTime < first {
				first = f.FirstTime
			}
			last = max(last, f.LastTime)
		}
		if i >= maxCaptures && !all {
			continue
		}
		l := line{}
		if f.HasTime {
			l = l.add(plain(render.Stamp(f.FirstTime)), say(style.Faint, " UTC, "), plain(render.Duration(f.LastTime-f.FirstTime)))
		}
		format := f.Format
		if f.Compression != "" {
			format += "." + f.Compression
		}
		if f.Truncated {
			l = l.add(say(style.Warn, "  cut at the end"))
		}
		if f.Skipped.Packets > 0 {
			l = l.add(say(style.Warn, "  "+render.Count(f.Skipped.Packets, "packet")+" unreadable"))
		}
		tab.row(line{say(style.Heading, f.Path)}, line{say(style.Faint, format)}, line{plain(render.Count(f.Packets, "packet"))}, l)
	}
	p.headless(0, tab)
	if n := len(files); n > 1 {
		noun := "file"
		if slices.ContainsFunc(files, func(f capture.FileInfo) bool { return !f.IsFile() }) {
			noun = "input"
		}
		if n > maxCaptures && !all {
			p.line(0, say(style.Faint, "… "+render.Count(n-maxCaptures, "more "+noun)))
		}
		sum := render.Count(n, noun) + ", " + render.Count(packets, "packet")
		if first != 0 {
			sum += ", " + render.Stamp(first) + " to " + render.Stamp(last) + " UTC, " + render.Duration(last-first)
		}
		p.line(0, plain(sum))
	}
}

// counts writes the numbers of the capture, zeros left out.
func (p *page) counts(rep *correlate.Report) {
	s, findings := &rep.Stats, rep.Findings
	sip := render.Count(s.SIPMessages, "SIP message")
	if s.Messages > 0 && s.Messages < s.SIPMessages {
		sip += " on all hops (" + render.Number(s.Messages) + " end to end)"
	}
	parts := []string{sip}
	add := func(n uint64, noun string) {
		if n > 0 {
			parts = append(parts, render.Count(n, noun))
		}
	}
	add(s.ReginfoDocuments, "reginfo document")
	add(s.DiameterMessages, "Diameter message")
	add(s.Retransmissions, "retransmission")
	add(s.Duplicates, "message captured twice|messages captured more than once")
	p.wrapped(0, 2, line{plain(strings.Join(parts, ", "))})

	here := ""
	if rep.Len() != s.Users {
		here = " in this report"
	}
	total, ended := words.Ended(&s.Deregistrations)
	l := line{say(style.Heading, words.OfUsers(rep))}.add(plain("   "), say(style.Heading, render.Count(total, "de-registration")+here))
	if len(ended) > 0 {
		l = l.add(plain(": ")).add(sentence(ended)...)
	}
	l = l.add(plain("   "), say(style.Heading, render.Count(len(findings), "finding")+here))
	var by [3]int
	for i := range findings {
		by[min(int(findings[i].Severity), 2)]++
	}
	sep := ": "
	severityPart := func(s problem.Severity, role style.Role, noun string) {
		if n := by[s]; n > 0 {
			l = l.add(plain(sep), say(role, render.Count(n, noun)))
			sep = ", "
		}
	}
	severityPart(problem.Error, style.Bad, "error")
	severityPart(problem.Warning, style.Warn, "warning")
	severityPart(problem.Info, style.Note, "info|info")
	p.wrapped(0, 2, l)
}

// maxClasses is how many classes of one kind of count the summary names.
const maxClasses = 8

// leftOut writes what was seen and not used, so that nothing is missing silently.
func (p *page) leftOut(s *correlate.Stats) {
	say1 := func(role style.Role, label string, m map[string]uint64) {
		if len(m) == 0 {
			return
		}
		keys := make([]string, 0, len(m))
		total := uint64(0)
		for k, n := range m {
			keys = append(keys, k)
			total += n
		}
		if total == 0 {
			return
		}
		slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(m[b], m[a]), cmp.Compare(a, b)) })
		l := line{say(role, label)}
		for i, k := range keys {
			if i == maxClasses {
				l = l.add(say(style.Faint, " and "+render.Number(len(keys)-i)+" more kinds"))
				break
			}
			if i > 0 {
				l = l.add(say(style.Faint, ","))
			}
			l = l.add(plain(" "), say(style.Faint, k+" "+render.Number(m[k])))
		}
		p.wrapped(0, 2, l)
	}
	say1(style.Faint, "packets without signalling:", s.Other)
	say1(style.Warn, "packets that could not be decoded:", s.Undecodable)
	say1(style.Warn, "missing between packets:", s.Damage)
	p.sealed(s.Sealed)
	say1(style.Faint, "TLS connections:", s.TLS)
	say1(style.Warn, "problems on the wire:", s.Problems)
	say1(style.Warn, "forgotten at limits:", s.Dropped)
}
