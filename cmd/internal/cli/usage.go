package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// usage marks an error as wrong usage of a command.
func usage(cmd *cobra.Command, err error) error { return &usageError{cmd.CommandPath(), err} }

// flagError is wrong usage of a flag. What the parsers of numbers say is for who wrote them.
func flagError(cmd *cobra.Command, err error) error {
	v, ok := errors.AsType[*pflag.InvalidValueError](err)
	if !ok {
		return usage(cmd, err)
	}
	why := ""
	switch typ := v.GetFlag().Value.Type(); {
	case errors.Is(err, strconv.ErrRange):
		why = "out of range"
	case typ == "int":
		why = "must be a whole number"
	case typ == "duration":
		why = "must be a length of time, 90s or 5m for example"
	case typ == "bool":
		why = "must be true or false"
	default:
		return usage(cmd, err)
	}
	return usage(cmd, fmt.Errorf("%s%s", strings.TrimSuffix(err.Error(), v.Unwrap().Error()), why))
}
