package gen

import (
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// direction of a load step: Gm or Mw, towards the S-CSCF or towards the phone.
type direction uint8

const (
	gmUp direction = iota
	gmDown
	mwUp
	mwDown
)

type counter uint8

const (
	countNothing counter = iota
	countSubscription
	countDeregistration
)

// loadStep is one message in the life of a user.
type loadStep struct {
	after      time.Duration // since the user's first message
	dir        direction
	who        func(user int) bool
	head, body template
	counts     counter
}

func everybody(int) bool    { return true }
func watches(user int) bool { return user%2 == 0 }
func leaves(user int) bool  { return user%2 == 0 && user%16 < 10 }

// loadSteps is the life of a user. What the P-CSCF adds on Mw is marked by a leading +, what only
// Gm has by a leading -.
var loadSteps = func() []loadStep {
	const leaveAfter = time.Minute
	var steps []loadStep
	add := func(after time.Duration, who func(int) bool, up bool, counts counter, message string) {
		first, second := mwDown, gmDown
		if up {
			first, second = gmUp, mwUp
		}
		for i, dir := range []direction{first, second} {
			head, body := onHop(message, dir)
			steps = append(steps, loadStep{after + time.Duration(i)*time.Millisecond, dir, who, head, body, counts})
			counts = countNothing
		}
	}
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	add(ms(0), everybody, true, countNothing, loadRegister("1", "600000", "", ""))
	add(ms(5), everybody, false, countNothing, loadChallenge)
	add(ms(60), everybody, true, countNothing, loadRegister("2", "600000", loadNonce, "%r"))
	add(ms(66), everybody, false, countNothing, loadRegistered("2", "Contact: <sip:u%n@%a:5060>;"+loadFeatures+";expires=600000\n"))
	add(ms(150), watches, true, countNothing, loadSubscribe)
	add(ms(154), watches, false, countSubscription, loadSubscribed)
	add(ms(157), watches, false, countNothing, loadNotify("1", "active;expires=600000", "0", "full", "active", "active", "registered", "created"))
	add(ms(170), watches, true, countNothing, loadNotified("1"))
	add(leaveAfter, leaves, true, countNothing, loadRegister("3", "0", loadNonce, "%r"))
	add(leaveAfter+ms(7), leaves, false, countDeregistration, loadRegistered("3", ""))
	add(leaveAfter+ms(10), leaves, false, countNothing, loadNotify("2", "terminated;reason=timeout", "1", "partial", "terminated", "terminated", "unregistered", "unregistered"))
	add(leaveAfter+ms(25), leaves, true, countNothing, loadNotified("2"))
	return steps
}()

// onHop compiles message as one hop has it: lines that start with + are for Mw, with - for Gm.
func onHop(message string, dir direction) (head, body template) {
	mw := dir == mwUp || dir == mwDown
	text, after, _ := strings.Cut(message, "\n\n")
	var b strings.Builder
	for _, l := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(l, "+"):
			if !mw {
				continue
			}
			l = l[1:]
		case strings.HasPrefix(l, "-"):
			if mw {
				continue
			}
			l = l[1:]
		}
		b.WriteString(strings.TrimSpace(l) + "\r\n")
	}
	b.WriteString("Content-Length: %l\r\n\r\n")
	return compile(b.String()), compile(after)
}

// template is a text with places for %n the user's number in seven digits, %a its address, %r a
// digest response, and %l the length of the body.
type template []piece

type piece struct {
	text  string
	field byte // what follows the text; 0 at the end
}

func compile(text string) template {
	var t template
	for {
		before, rest, ok := strings.Cut(text, "%")
		if !ok {
			return append(t, piece{text: before})
		}
		t = append(t, piece{before, rest[0]})
		text = rest[1:]
	}
}

func (t template) append(b []byte, user int, addr netip.Addr, bodyLen int) []byte {
	for _, p := range t {
		b = append(b, p.text...)
		switch p.field {
		case 'n':
			const digits = 7
			var n [digits]byte
			for i, rest := digits-1, user; i >= 0; i, rest = i-1, rest/10 {
				n[i] = '0' + byte(rest%10)
			}
			b = append(b, n[:]...)
		case 'a':
			b = addr.AppendTo(b)
		case 'l':
			b = strconv.AppendInt(b, int64(bodyLen), 10)
		case 'r':
			x := uint64(user) + 1
			for range 2 { // two rounds of splitmix64: looks like a hash, is none
				x += 0x9e3779b97f4a7c15
				z := (x ^ x>>30) * 0xbf58476d1ce4e5b9
				z = (z ^ z>>27) * 0x94d049bb133111eb
				z ^= z >> 31
				for shift := 60; shift >= 0; shift -= 4 {
					b = append(b, "0123456789abcdef"[z>>shift&15])
				}
			}
		}
	}
	return b
}
