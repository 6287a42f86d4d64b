package reginfo

import "testing"

// kamailio is a document as an S-CSCF of Kamailio 5.6 writes it, here for one phone with an implicit
// registration set of three identities: 1.5 KB.
const kamailio = `<?xml version="1.0"?>
<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="2" state="full">
	<registration aor="sip:001010000000001@ims.mnc001.mcc001.3gppnetwork.org" id="0x7fc2bff4ad38" state="active">
		<contact id="0x7fc2bff4b1d0" state="active" event="registered" expires="600000" q="0.000">
			<uri>sip:001010000000001@10.45.0.10:5060</uri>
		<unknown-param name="expires">"600000"</unknown-param>
		<unknown-param name="+g.3gpp.smsip"></unknown-param>
		<unknown-param name="+sip.instance">"&lt;urn:gsma:imei:35000001-000001-0&gt;"</unknown-param>
		</contact>
	</registration>
	<registration aor="sip:+15550000001@ims.mnc001.mcc001.3gppnetwork.org" id="0x7fc2bff4be08" state="active">
		<contact id="0x7fc2bff4b1d0" state="active" event="registered" expires="600000" q="0.000">
			<uri>sip:001010000000001@10.45.0.10:5060</uri>
		<unknown-param name="expires">"600000"</unknown-param>
		<unknown-param name="+g.3gpp.smsip"></unknown-param>
		<unknown-param name="+sip.instance">"&lt;urn:gsma:imei:35000001-000001-0&gt;"</unknown-param>
		</contact>
	</registration>
	<registration aor="tel:+15550000001" id="0x7fc2bff4c298" state="active">
		<contact id="0x7fc2bff4b1d0" state="active" event="registered" expires="600000" q="0.000">
			<uri>sip:001010000000001@10.45.0.10:5060</uri>
		<unknown-param name="expires">"600000"</unknown-param>
		<unknown-param name="+g.3gpp.smsip"></unknown-param>
		<unknown-param name="+sip.instance">"&lt;urn:gsma:imei:35000001-000001-0&gt;"</unknown-param>
		</contact>
	</registration>
</reginfo>
`

func BenchmarkParse(b *testing.B) {
	raw := []byte(kamailio)
	var d Document
	b.ReportAllocs()
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if err := d.Parse(raw); err != nil {
			b.Fatal(err)
		}
	}
}
