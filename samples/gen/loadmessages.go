package gen

// The messages of Load. See template for the % places; + marks lines of Mw, - lines of Gm.

const (
	loadNonce = "I1U8vpY3qJ0hiuZNrke/NVXzKLQ1d7m5Sp/6w1Tfr7M="

	loadIdentities = "<sip:u%n@ims.example>, <tel:+4930%n>"
	loadInstance   = "urn:uuid:00000000-0000-1000-8000-00000%n"
	loadFeatures   = `+sip.instance="<` + loadInstance + `>";+g.3gpp.smsip;audio`
	loadAllow      = "INVITE, ACK, CANCEL, BYE, UPDATE, PRACK, MESSAGE, REFER, NOTIFY, INFO, OPTIONS"
)

func loadRegister(cseq, expires, nonce, response string) string {
	protected := "no"
	if response != "" {
		protected = "yes"
	}
	return `REGISTER sip:ims.example SIP/2.0
+Via: SIP/2.0/UDP pcscf1.ims.example;branch=z9hG4bKp` + cseq + `r%n
Via: SIP/2.0/UDP %a:5060;branch=z9hG4bKu` + cseq + `r%n
-Max-Forwards: 70
+Max-Forwards: 69
From: <sip:u%n@ims.example>;tag=f%n
To: <sip:u%n@ims.example>
-Authorization: Digest username="u%n@ims.example", realm="ims.example", nonce="` + nonce + `", algorithm=AKAv1-MD5, uri="sip:ims.example", response="` + response + `"
+Authorization: Digest username="u%n@ims.example", realm="ims.example", nonce="` + nonce + `", algorithm=AKAv1-MD5, uri="sip:ims.example", response="` + response + `", integrity-protected="` + protected + `"
+Require: path
Supported: path
+Path: <sip:term@pcscf1.ims.example;lr>
P-Access-Network-Info: 3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=00101000100000%n
+P-Visited-Network-ID: "ims.example"
+P-Charging-Vector: icid-value="p1-%n-` + cseq + `";icid-generated-at=10.0.0.1;orig-ioi="ims.example"
Contact: <sip:u%n@%a:5060>;` + loadFeatures + `;expires=` + expires + `
Allow: ` + loadAllow + `
User-Agent: load/1.0
Call-ID: reg%n@%a
CSeq: ` + cseq + ` REGISTER`
}

const loadChallenge = `SIP/2.0 401 Unauthorized
+Via: SIP/2.0/UDP pcscf1.ims.example;branch=z9hG4bKp1r%n
Via: SIP/2.0/UDP %a:5060;branch=z9hG4bKu1r%n
From: <sip:u%n@ims.example>;tag=f%n
To: <sip:u%n@ims.example>;tag=c%n
Call-ID: reg%n@%a
CSeq: 1 REGISTER
-WWW-Authenticate: Digest realm="ims.example", nonce="` + loadNonce + `", algorithm=AKAv1-MD5
+WWW-Authenticate: Digest realm="ims.example", nonce="` + loadNonce + `", algorithm=AKAv1-MD5, ik="f769bcd751044604127672711c6d3441", ck="b40ba9a3c58b2a05bbf0d987b21bf8cb"
Server: S-CSCF`

// loadRegistered is the 200 to the REGISTER with the given CSeq; contact is its Contact line or "".
func loadRegistered(cseq, contact string) string {
	return `SIP/2.0 200 OK
+Via: SIP/2.0/UDP pcscf1.ims.example;branch=z9hG4bKp` + cseq + `r%n
Via: SIP/2.0/UDP %a:5060;branch=z9hG4bKu` + cseq + `r%n
From: <sip:u%n@ims.example>;tag=f%n
To: <sip:u%n@ims.example>;tag=t` + cseq + `%n
Call-ID: reg%n@%a
CSeq: ` + cseq + ` REGISTER
Path: <sip:term@pcscf1.ims.example;lr>
Service-Route: <sip:orig@scscf1.ims.example;lr>
P-Associated-URI: ` + loadIdentities + `
` + contact + `Server: S-CSCF`
}

const loadSubscribe = `SUBSCRIBE sip:u%n@ims.example SIP/2.0
+Via: SIP/2.0/UDP pcscf1.ims.example;branch=z9hG4bKps%n
Via: SIP/2.0/UDP %a:5060;branch=z9hG4bKus%n
+Record-Route: <sip:pcscf1.ims.example;lr>
-Route: <sip:pcscf1.ims.example;lr>, <sip:orig@scscf1.ims.example;lr>
+Route: <sip:orig@scscf1.ims.example;lr>
-Max-Forwards: 70
+Max-Forwards: 69
From: <sip:u%n@ims.example>;tag=s%n
To: <sip:u%n@ims.example>
Call-ID: sub%n@%a
CSeq: 1 SUBSCRIBE
Event: reg
Expires: 600000
Accept: application/reginfo+xml
-P-Preferred-Identity: <sip:u%n@ims.example>
+P-Asserted-Identity: <sip:u%n@ims.example>
P-Access-Network-Info: 3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=00101000100000%n
Contact: <sip:u%n@%a:5060>;` + loadFeatures + `
Allow: ` + loadAllow + `
User-Agent: load/1.0`

const loadSubscribed = `SIP/2.0 200 OK
+Via: SIP/2.0/UDP pcscf1.ims.example;branch=z9hG4bKps%n
Via: SIP/2.0/UDP %a:5060;branch=z9hG4bKus%n
Record-Route: <sip:pcscf1.ims.example;lr>
From: <sip:u%n@ims.example>;tag=s%n
To: <sip:u%n@ims.example>;tag=n%n
Call-ID: sub%n@%a
CSeq: 1 SUBSCRIBE
Expires: 600000
Contact: <sip:scscf1.ims.example>
Server: S-CSCF`

// loadNotify reports one binding for the user's two identities.
func loadNotify(cseq, subscription, version, state, registration, contact, event, implicit string) string {
	return `NOTIFY sip:u%n@%a:5060 SIP/2.0
-Via: SIP/2.0/UDP pcscf1.ims.example;branch=z9hG4bKpn` + cseq + `%n
Via: SIP/2.0/UDP scscf1.ims.example;branch=z9hG4bKsn` + cseq + `%n
-Max-Forwards: 69
+Max-Forwards: 70
+Route: <sip:pcscf1.ims.example;lr>
From: <sip:u%n@ims.example>;tag=n%n
To: <sip:u%n@ims.example>;tag=s%n
Call-ID: sub%n@%a
CSeq: ` + cseq + ` NOTIFY
Event: reg
Subscription-State: ` + subscription + `
Contact: <sip:scscf1.ims.example>
User-Agent: S-CSCF
Content-Type: application/reginfo+xml

<?xml version="1.0"?>
<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="` + version + `" state="` + state + `">
  <registration aor="sip:u%n@ims.example" id="a%n" state="` + registration + `">
    <contact id="b%n" state="` + contact + `" event="` + event + `" callid="reg%n@%a">
      <uri>sip:u%n@%a:5060</uri>
      <unknown-param name="+sip.instance">"&lt;` + loadInstance + `&gt;"</unknown-param>
      <unknown-param name="+g.3gpp.smsip"></unknown-param>
    </contact>
  </registration>
  <registration aor="tel:+4930%n" id="t%n" state="` + registration + `">
    <contact id="d%n" state="` + contact + `" event="` + implicit + `">
      <uri>sip:u%n@%a:5060</uri>
    </contact>
  </registration>
</reginfo>
`
}

func loadNotified(cseq string) string {
	return `SIP/2.0 200 OK
-Via: SIP/2.0/UDP pcscf1.ims.example;branch=z9hG4bKpn` + cseq + `%n
Via: SIP/2.0/UDP scscf1.ims.example;branch=z9hG4bKsn` + cseq + `%n
From: <sip:u%n@ims.example>;tag=n%n
To: <sip:u%n@ims.example>;tag=s%n
Call-ID: sub%n@%a
CSeq: ` + cseq + ` NOTIFY
User-Agent: load/1.0`
}
