package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"imscope/cmd/internal/cli"
	"imscope/samples"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"imscope": func() { os.Exit(cli.Main(os.Args[1:], cli.System())) },
	})
}

// TestScripts runs testdata/script. Each script finds the samples in $WORK/samples.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			dir := filepath.Join(env.WorkDir, "samples")
			if err := os.Mkdir(dir, 0o777); err != nil {
				return err
			}
			root, err := os.OpenRoot(dir)
			if err != nil {
				return err
			}
			defer root.Close()
			_, err = samples.Write(root)
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"cut":      cut,
			"poke":     poke,
			"maxlines": maxLines,
			"jsonline": jsonLine,
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}
