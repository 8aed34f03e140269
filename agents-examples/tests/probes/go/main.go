// The same agent as the other probes, for test_go.py, which builds it.
package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"hocket"
)

type (
	outputs = hocket.Outputs
	request = hocket.Request
	result  = hocket.Result
)

var (
	counted int64
	zero    = 0
)

func main() {
	hocket.Run(hocket.Actions{
		"types": func(*request) (result, error) {
			return outputs{
				"text":   "quote \" backslash \\ & newline \n tab \t",
				"whole":  -7,
				"broken": 1.5,
				"yes":    true,
				"nested": map[string]any{"a": []any{1, nil}},
				"list":   []string{"a b", "", "c\x01"},
			}, nil
		},
		"echo": func(r *request) (result, error) {
			return outputs{"text": hocket.Input[string](r, "text"), "other": hocket.Input(r, "other", "fallback")}, nil
		},
		"noise": func(*request) (result, error) {
			fmt.Println("printed on stdout")
			child := exec.Command("/bin/echo", "printed by a child")
			child.Stdout = os.Stdout
			err := child.Run()
			fmt.Fprintln(os.Stderr, "printed on stderr")
			return outputs{"answer": 42}, err
		},
		"refuse": func(*request) (result, error) {
			return nil, &hocket.Failure{
				Kind: "not_found", Message: "it is not here\nand never was", Details: outputs{"tried": 3},
			}
		},
		"boom":  func(*request) (result, error) { return outputs{"x": 1 / zero}, nil },
		"leave": func(*request) (result, error) { runtime.Goexit(); return nil, nil },
		"bytes": func(*request) (result, error) { return outputs{"text": "a\xffb \xed\xa0\x80 \xc3"}, nil },
		"change": func(r *request) (result, error) {
			if r.Noop {
				return hocket.Reply{Changed: true, Message: "noop: would change"}, nil
			}
			return hocket.Reply{Changed: true, Message: "changed it"}, nil
		},

		// For the mixins of test_worker.py.
		"count": func(*request) (result, error) { return outputs{"counted": atomic.AddInt64(&counted, 1)}, nil },
		"stdin": func(*request) (result, error) {
			own, err := io.ReadAll(os.Stdin)
			return outputs{"read": string(own) + output("cat")}, err
		},
		"descriptors": func(*request) (result, error) { return outputs{"list": output("ls", "-l", "/proc/self/fd")}, nil },
		"crash": func(*request) (result, error) {
			err := syscall.Kill(os.Getpid(), syscall.SIGKILL) // Go makes a panic of SIGSEGV
			time.Sleep(5 * time.Second)
			return nil, err
		},
		"vanish": func(*request) (result, error) { os.Exit(3); return nil, nil },
		"nap": func(*request) (result, error) {
			time.Sleep(400 * time.Millisecond)
			return outputs{"rested": true}, nil
		},
		"big": func(*request) (result, error) { return outputs{"text": strings.Repeat("ä", 200000)}, nil },
		"leftover": func(*request) (result, error) {
			child := exec.Command("sleep", "5")
			err := child.Start()
			return outputs{"pid": child.Process.Pid}, err
		},

		// Only here.
		"bad_details": func(*request) (result, error) {
			return nil, &hocket.Failure{Kind: "x", Message: "no JSON", Details: outputs{"channel": make(chan int)}}
		},
		"nothing": func(*request) (result, error) { return nil, nil },
		"nan":     func(*request) (result, error) { return outputs{"x": math.NaN()}, nil },
		"nan_too": func(*request) (result, error) { return outputs{"x": hocket.Float(math.Inf(1))}, nil },
		"left":    func(r *request) (result, error) { return outputs{"seconds": r.TimeLeft().Seconds()}, nil },
		"wraps": func(*request) (result, error) {
			return nil, fmt.Errorf("while looking: %w", hocket.Fail("not_found", "%s does not exist", "/x"))
		},
		"throws": func(*request) (result, error) { panic(hocket.Fail("other/kind", "thrown\nfrom afar")) },
		"fails":  func(*request) (result, error) { _, err := os.Open("/no/such/file"); return outputs{}, err },
		"floats": func(*request) (result, error) {
			return outputs{"list": []any{hocket.Float(1), hocket.Float(-2.5), hocket.Float(1e21), 1.0}}, nil
		},
		"typed": func(r *request) (result, error) {
			nested := hocket.Input[struct{ A []float64 }](r, "nested")
			return outputs{
				"big": hocket.Input[int64](r, "big"), "sum": nested.A[0] + nested.A[1], "any": hocket.Input[any](r, "any"),
			}, nil
		},
		"reply": func(*request) (result, error) {
			return hocket.Reply{Data: outputs{"html": "<&>"}, Diff: "+ line\n"}, nil
		},
		"stray": func(*request) (result, error) {
			go func() { panic("in a goroutine of its own") }()
			select {}
		},
	})
}

func output(command string, arguments ...string) string {
	child := exec.Command(command, arguments...)
	child.Stdin = os.Stdin
	text, err := child.Output()
	if err != nil {
		panic(err)
	}
	return string(text)
}
