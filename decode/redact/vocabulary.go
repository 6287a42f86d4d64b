package redact

import (
	"strings"

	"imscope/decode/pseudonym"
)

// common are words of protocols. A user may be called like one of them; in text such a word is left alone all the
// same, where names stand it is replaced.
var common = set(`
	ack bye cancel info invite message notify options prack publish refer register subscribe update
	accept accepted active add address agent aka akav1 akav2 alert algorithm alias allow anonymous application associated auth
	authenticate authentication authorization authorized barred bearer binding bindings body boundary branch busy call
	called capabilities capture cause cell challenge change changed channel charging charset client code comp complete
	confirmed connection contact contacts content core correlation cscf data date deactivated default deleted denied deregister
	deregistration description destination device diameter digest direct disconnect display document domain
	duration early encoding encrypted entity error event events expired expires explicit failed failure false fast feature
	forbidden forwards found framed from full function generated gone gruu handling header history home host
	identity implicit inactive incomplete index initial instance integrity interface internal interval invalid
	isfocus item join key label language last left length level line list local location long loop lost media member mime
	mobile mode moved name native network node none normal number offline online open operator orig original origin
	outbound parameter partial path pause peer pending permanent phone pidf ping plain policy port precondition
	presence priority privacy private probation procedure profile protected protocol proxy public push qop query
	reason reboot received recipient record refresh refresher reginfo registered registrar registration rejected
	release reliable remote removed request require required response result retry ring ringing role route roaming
	schema secure security server service session shortened signal sip sips state stale started status subject
	subscription supported system tags telephone temporarily temporary term terminated terminating test
	text timeout timer token total transaction transfer transport trying type unauthorized unavailable unknown unregister
	unregistered update urgent user username users valid value verify version video visited voice waiting warning watcher
	wildcard with without xmlns true null uac uas administrative administrator admin
	noresource giveup timed requests handset asterisk kamailio opensips freeswitch
	reg tag via uri url urn tel udp tcp tls sctp ims sdp rtp xml http https wss amr evs gsm lte utran ue rat fdd tdd
	3gpp 3gpp2 ipsec esp aes des md5 sha hmac cbc alg ealg spi rtr rta sar saa uar uaa lir lia mar maa ppr ppa hss pcscf icscf scscf
	not the and for are was has
	gprs nat ice stun turn rport lr ob gr cn id iid sms mms mmtel smsip icsi iari srvcc volte vowifi vonr wifi wlan eth lan dsl
`)

// spoken are further words that servers and operators write in text: what a Reason says that nobody is called by.
var spoken = set(`
	a abort aborted about above absent acceptable accepting access account action activate activated activity additional
	addresses administration administratively after again against agents agreement alerted all allocated allocation
	allowed already also alternate alternative always ambiguous an announcement anonymity another answer answered any
	anywhere applications apr as asr assigned assignment associate association asynchronous at attach attached attempt
	attempted attempts attribute audio aug authenticated available avp avps awarded away bad badly balance band bandwidth
	barring base based basic be because been before begin being below between bind blocked both bound br breadth brief
	broken but by bytes cache callee caller calls can canceled cancelled cannot capability caused cc certificate
	challenging changing channels check checked checks choice choices circuit class clear cleared clearing clients close
	closed closing codec collect com command communication compatible completed completely condition conditional
	conditions conference configuration configured conflict congestion connect connected connecting connections consent
	contents context continue contradicting control controlled copy correct correctly could count counter country coverage
	created critical cs cug current currently cut database days deactivate deactivation dead dec decline declined
	dedicated delay delayed delete deliver delivered delivery deny dereg deregistered deregistering designated detach
	detached detected devices dialog different digital direction directory disabled disallowed discarded disconnected dns
	do does done dont down drop dropped dst dtmf due dump duplicate during each edge either element else elsewhere
	emergency empty en enable enabled encryption end ended endpoint enough enquiry entered entry eps equipment erased
	errors establish established establishing everywhere example exceeded exceeding except exchange exist existent
	existing exists expiration expire expiry explicitly extension external facility failing failover fails fallback fatal
	fault features feb fetch few field file filter final first flow follow following forbid force forced foreign format
	forward forwarded forwarding frame fraud free fri further future gateway general generic get give given global gmlc
	gmt good granted group handle handled handler handover hang hangup have having held hello here high hlr hold hop hops
	hour hours how however i identified identities idle if ignored illegal imei immediate immediately impi implementation
	implemented implicitly implies impu imsi in inactivity inbound incoming incompatible inconsistency incorrect
	indication information initiated input insufficient integer integrated interaction intermediate interrupted
	interworking into invalidated ip ipv4 ipv6 is isdn issued it its json jul july jun keep keepalive kept known lacks
	large late later lawful least less lifetime like limit limited limits link live lo load loaded lock locked log logged
	logic login logout loops low mailbox maintenance make malformed management mandatory manual many match maximum may mcc
	me mediation memory merged messages messaging method methods mgcf migration minimum minute minutes misbehaving
	misdialled mismatch missing mnc modified mon more most move mrfc msc msisdn multiple must my named near need needed
	needs negative negotiation net networks never new next no nobody non notification notifications notified notifier nov
	now numbers object obsolete occurs ocs oct octets of off offer ok old on once one ongoing only operation operational
	operators option or order org other others our out outage outgoing output over overload overloaded own package packet
	pani parameters parse parser parsing part party passed password payload payment pcap pcc pcrf pdn pdu peers per
	percent perform performed period permanently permission permitted picked place please plmn pool ported position
	possible post power precedence preempted preemption preferred prefix present presently previous problem procedures
	process processed processing product progress prohibited properly protection protocols provide provided provider
	provisioned provisioning ps put q qci1 qos quality queue queued rab race radio ran range rate re reach reached read
	ready realm receive receiver recovery redirect redirected redirection reduced reference referrer refused region reject
	rejection rel relay released releasing reload remain remaining removal remove renew repeat replace replaced replaces
	reply report reported requested requesting requires reregistration reserved reset resource resources responding
	responses restart restarted restarting restore restored restricted restriction results retransmission retries retrying
	return returned reuse reversed rfc routed routes routing rule rules running same sat saved saying sbc scheduled scheme
	second seconds section see select selected selection send sender sending sent sep sequence serve served servers
	services serving sessions set setup several short should shut shutdown shutting side sigcomp signaling signalling
	silent silently sim since single size slow small so some soon sos special specific specified src ss stack stage start
	starting stay still stolen stop stopped store stored stream string subscribed subscriber subscribers subscriptions
	subsequent success successful successfully such sun support suspected suspended swap switch switched switching systems
	table tac take taken target tau tcap terminal terminate termination than that then there these they thing this those
	through thu till time timers times to today tone too trace traffic transactions transferred transit tried triggered
	trunk trust trusted try tue turned twice two unable unacceptable unallocated unassigned unauthenticated undecipherable
	under unexpected unit unless unlimited unobtainable unplugged unprocessable unreachable unrecognized unregistering
	unregistration unspecified unsubscribe unsupported until unwanted up updated upgrade usb use used useful uses using
	utc utf v validation values vendor very violation vlr volume wait want wanted warn we websocket wed well were what
	when where whether which while who why will wireless within work working worst would write wrong xcap xsd yes your
	zlib zone
`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// maxSpoken is the longest word of the vocabulary.
const maxSpoken = 24

// isSpoken reports whether a word tells nobody: one of the vocabulary, with or without up to three digits behind it, or
// what a machine is called.
func isSpoken(w []byte) bool {
	if pseudonym.IsRole(w) {
		return true
	}
	var room [maxSpoken]byte
	if len(w) > len(room) {
		return false
	}
	low := lower(room[:0], w)
	if common[string(low)] || spoken[string(low)] {
		return true
	}
	n := len(low)
	for n > 0 && isDigit(low[n-1]) {
		n--
	}
	return n < len(low) && len(low)-n <= 3 && (common[string(low[:n])] || spoken[string(low[:n])])
}

// isProtocol reports whether a word is one that a protocol needs where it stands, whoever is called by it or by a part of
// it.
func isProtocol(w []byte) bool {
	var room [maxSpoken]byte
	if len(w) > len(room) {
		return false
	}
	low := lower(room[:0], w)
	if common[string(low)] {
		return true
	}
	_, ok := parameters[string(low)]
	return ok
}

// lower appends b with its ASCII letters in lower case.
func lower(dst, b []byte) []byte {
	for _, c := range b {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}
