// Command imscope tells what captured IMS traffic says about each subscriber: registered, de-registered,
// by whom, why, and what every party believed.
package main

import (
	"os"

	"imscope/cmd/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], cli.System()))
}
