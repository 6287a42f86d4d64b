// Package cli is the command line of imscope: arguments and streams come in, an exit code goes out.
//
// There is one file per verb. A verb is a function that makes its cobra command; its flags are parsed
// into an options struct, and its run function gets that and the streams. Results go to standard
// output, everything else to standard error with "imscope: " in front.
package cli
