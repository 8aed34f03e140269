// Package hocket is the agent contract of Hocket (spec/agent.md) for Go 1.19 and later, on Linux. No dependencies.
//
//	package main
//
//	import "hocket"
//
//	func greet(request *hocket.Request) (hocket.Result, error) {
//		return hocket.Outputs{"greeting": "hello " + hocket.Input[string](request, "name")}, nil
//	}
//
//	func main() {
//		hocket.Run(hocket.Actions{"greet": greet})
//	}
//
// with a go.mod that says where the package is, for `go build -o greet .`:
//
//	module greet
//
//	go 1.19
//
//	require hocket v0.0.0
//
//	replace hocket => ../lib/hocket
//
// An action is a function from the request to its outputs: hocket.Outputs, or a hocket.Reply to set Changed or a message too.
// The error hocket.Fail("not_found", "/x does not exist"), returned or thrown by panic(), ends it with an error of that kind;
// any other becomes an error of the kind AGENT/exception, a panic with its stack on stderr. What is printed is log, never reply.
//
// Outputs are what encoding/json makes of them: a []byte is base64, so say string(bytes); text that is no UTF-8 is repaired;
// NaN is an error. A float64 of 1.0 is sent as 1 (the node makes a float of it where the DDL says so), hocket.Float(1) as 1.0.
//
// With `contract: worker` in its DDL the same program serves many requests, `in_flight` of them at a time, each in a goroutine.
// Go cannot fork. Nobody can answer for a program that ends with os.Exit, log.Fatal, or a panic in a goroutine of its own: such
// a request, and all others of a worker, are `crashed`, or `bad_reply` after os.Exit(0).
package hocket

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Actions has the actions of an agent by name.
type Actions map[string]func(*Request) (Result, error)

// Result is what an action returns: Outputs or a Reply.
type Result interface{ reply() Reply }

// Outputs has the outputs of an action by name.
type Outputs map[string]any

// Reply has the outputs of an action that also wants to say something else than "OK, nothing changed".
type Reply struct {
	Data    Outputs
	Changed bool   // something was changed; in noop: would be
	Message string // "OK" when empty
	Diff    string // what was changed, as lines for people; left out when empty
}

func (outputs Outputs) reply() Reply { return Reply{Data: outputs} }
func (reply Reply) reply() Reply     { return reply }

// Float is a number that is sent with a fraction, even if that is .0.
type Float float64

// MarshalJSON is for encoding/json.
func (number Float) MarshalJSON() ([]byte, error) {
	text, err := json.Marshal(float64(number))
	if err == nil && !bytes.ContainsAny(text, ".e") {
		text = append(text, ".0"...)
	}
	return text, err
}

// Failure is an error that the agent foresaw. Its kind is for programs, its message for people.
type Failure struct {
	Kind, Message string
	Details       map[string]any
	Statuscode    int // 1 when 0
}

func (failure *Failure) Error() string { return failure.Message }

// Fail makes a Failure with a message as of fmt.Sprintf. Details and a statuscode need a &Failure{...}.
func Fail(kind, format string, arguments ...any) error {
	return &Failure{Kind: kind, Message: fmt.Sprintf(format, arguments...)}
}

// Request is one request. Envelope is the whole object from stdin: caller, identity, request_id, config and so on.
type Request struct {
	Agent    string                     `json:"agent"`
	Action   string                     `json:"action"`
	Noop     bool                       `json:"noop"`
	Inputs   map[string]json.RawMessage `json:"inputs"`
	Deadline int64                      `json:"deadline"`
	Envelope map[string]json.RawMessage `json:"-"`
}

// TimeLeft is the time until the runner ends this process; 292 years when no deadline was given.
func (request *Request) TimeLeft() time.Duration {
	if request.Deadline == 0 {
		return math.MaxInt64
	}
	return time.Until(time.UnixMilli(request.Deadline))
}

// Input returns an input, or the fallback; without a fallback the action fails when the input is not there. A T is whatever
// json.Unmarshal can make of the input: string, int64, float64, bool, []string, any, a struct of your own.
func Input[T any](request *Request, name string, fallback ...T) (value T) {
	text, given := request.Inputs[name]
	if !given && len(fallback) > 0 {
		return fallback[0]
	}
	if !given {
		panic(&Failure{Kind: "missing_input", Message: "the input " + name + " is required", Statuscode: 3})
	}
	if err := json.Unmarshal(text, &value); err != nil {
		panic(&Failure{Kind: "wrong_input", Message: fmt.Sprintf("the input %s is no %T", name, value), Statuscode: 4})
	}
	return value
}

// Run reads the request, runs its action, writes the reply, ends the process. As a worker: for each line, until the end.
func Run(actions Actions) {
	channel := replyChannel()
	if os.Getenv("HOCKET_CONTRACT") != "worker" {
		text, err := io.ReadAll(os.Stdin)
		must(err)
		done := make(chan bool)
		go actions.answer(parse(text), func(body []byte) {
			write(channel, body)
			close(done)
		})
		<-done
	} else if os.Getenv("HOCKET_WORKER_FORK") == "true" {
		refuse("a program in Go cannot fork: say fork: false in the DDL")
	} else {
		actions.serve(takeStdin(), channel)
	}
	os.Exit(0)
}

func (actions Actions) serve(requests io.Reader, channel *os.File) {
	inFlight, err := strconv.Atoi(os.Getenv("HOCKET_WORKER_IN_FLIGHT"))
	if err != nil || inFlight < 1 {
		inFlight = 1
	}
	var writing sync.Mutex
	room := make(chan bool, inFlight)
	lines := bufio.NewReader(requests)
	for {
		room <- true // waits while as many are in work
		line, _ := lines.ReadBytes('\n')
		if len(line) == 0 {
			break
		}
		go actions.answer(parse(line), func(body []byte) {
			writing.Lock()
			defer writing.Unlock()
			write(channel, body)
			<-room
		})
	}
	for i := 1; i < inFlight; i++ {
		room <- true
	}
}

// To be run in a goroutine of its own, which the action may end with runtime.Goexit.
func (actions Actions) answer(request *Request, send func([]byte)) {
	var body []byte
	err := errors.New("the goroutine ended before the reply")
	defer func() {
		if thrown := recover(); thrown != nil {
			err = failureOf(thrown)
		}
		if err != nil {
			body = request.failed(err)
		}
		send(body)
	}()
	body, err = actions.call(request)
}

func (actions Actions) call(request *Request) ([]byte, error) {
	action := actions[request.Action]
	if action == nil {
		return nil, &Failure{Kind: "unknown_action", Message: fmt.Sprintf("unknown action %q", request.Action), Statuscode: 2}
	}
	result, err := action(request)
	if err != nil {
		return nil, err
	}
	if result == nil {
		return nil, fmt.Errorf("the action %s returned nil, which is no outputs", request.Action)
	}
	reply := result.reply()
	if reply.Data == nil {
		reply.Data = Outputs{}
	}
	body := Outputs{
		"statuscode": 0, "statusmsg": either(reply.Message, "OK"), "data": reply.Data, "changed": reply.Changed,
	}
	if reply.Diff != "" {
		body["diff"] = reply.Diff
	}
	return request.encode(body)
}

// What was thrown, as a Failure. It is called while the goroutine still panics, and so has the stack.
func failureOf(thrown any) error {
	err, isError := thrown.(error)
	var failure *Failure
	if isError && errors.As(err, &failure) {
		return err
	}
	fmt.Fprintf(os.Stderr, "panic: %v\n\n%s", thrown, debug.Stack())
	callers := make([]uintptr, 32)
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers)]) // without this, and the function that recovers
	place, more := frames.Next()
	for more && strings.HasPrefix(place.Function, "runtime.") {
		place, more = frames.Next()
	}
	at := fmt.Sprintf("%s:%d", place.File, place.Line)
	return &Failure{Kind: "exception", Message: fmt.Sprint(thrown), Details: map[string]any{"at": at}}
}

func (request *Request) failed(err error) []byte {
	var failure *Failure
	if !errors.As(err, &failure) {
		fmt.Fprintf(os.Stderr, "%T: %v\n", err, err)
		failure = &Failure{Kind: "exception"}
	}
	kind, details, statuscode := failure.Kind, failure.Details, failure.Statuscode
	if !strings.Contains(kind, "/") {
		kind = request.Agent + "/" + kind
	}
	if details == nil {
		details = map[string]any{}
	}
	if statuscode == 0 {
		statuscode = 1
	}
	message := err.Error() // of the Failure, and what it was wrapped into
	summary, _, _ := strings.Cut(message, "\n")
	body, err := request.encode(Outputs{
		"statuscode": statuscode, "statusmsg": either(summary, kind),
		"error": Outputs{"kind": kind, "message": message, "details": details},
	})
	if err != nil { // because of the details
		return request.failed(err)
	}
	return body
}

func (request *Request) encode(reply Outputs) ([]byte, error) {
	if id, given := request.Envelope["id"]; given {
		reply["id"] = id
	}
	var body bytes.Buffer
	encoder := json.NewEncoder(&body) // which ends a line
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(reply)
	return body.Bytes(), err
}

func parse(text []byte) *Request {
	request := &Request{Agent: filepath.Base(os.Args[0])}
	err := json.Unmarshal(text, request)
	if err == nil {
		err = json.Unmarshal(text, &request.Envelope)
	}
	if len(bytes.TrimSpace(text)) == 0 {
		refuse("no request on stdin")
	}
	if err != nil || request.Action == "" {
		refuse("stdin is not a request")
	}
	return request
}

// Descriptor 3. Run by hand there is none: the reply goes to stdout, and everything else to stderr.
func replyChannel() *os.File {
	var status syscall.Stat_t // what Go itself has opened, such as an epoll, has no file type
	if os.Getenv("HOCKET_REPLY_FD") == "3" && syscall.Fstat(3, &status) == nil && status.Mode&syscall.S_IFMT != 0 {
		syscall.CloseOnExec(3)
		return os.NewFile(3, "reply")
	}
	return replaced(1, 2)
}

// The requests; an action and what it starts find /dev/null in their place.
func takeStdin() *os.File {
	nothing, err := os.Open(os.DevNull)
	must(err)
	defer nothing.Close()
	return replaced(0, int(nothing.Fd()))
}

// Makes `fd` a duplicate of `other`, and returns what it was.
func replaced(fd, other int) *os.File {
	was, err := syscall.Dup(fd)
	must(err)
	syscall.CloseOnExec(was)
	must(syscall.Dup3(other, fd, 0))
	return os.NewFile(uintptr(was), "replaced")
}

func write(channel *os.File, body []byte) {
	_, err := channel.Write(body)
	must(err)
}

func either(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}

func must(err error) {
	if err != nil {
		refuse(err.Error())
	}
}

func refuse(reason string) {
	fmt.Fprintln(os.Stderr, reason)
	os.Exit(1)
}
