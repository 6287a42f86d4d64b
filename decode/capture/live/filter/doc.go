// Package filter makes kernel filters (classic BPF) for live capture without libpcap.
//
// [Compile] reads the language of tcpdump (pcap-filter(7)) as far as it concerns IP: hosts, networks, ports, protocols,
// VLANs, lengths and bytes of headers. [Default] keeps what can be signalling. [ReadProgram] takes what
// `tcpdump -ddd` prints, for all else.
//
// Unlike libpcap's programs, which count bytes from the start of an Ethernet frame, these start at the network header
// that the kernel found. So one program fits every interface, and frames with VLAN tags, taken off by the network card
// or not, match like all others.
package filter
