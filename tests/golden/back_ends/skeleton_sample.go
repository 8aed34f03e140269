// The agent sample: Looks after things, one at a time.
//
// Begun by hocketc: each action answers with empty values until you write its work. It gets the request, with inputs that
// are valid already, and returns a reply (spec/agent.md). What is printed is log.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"
	"strconv"
)

// Request is what a node asks. It has more members: caller, identity, deadline, config.
type Request struct {
	Action string          `json:"action"`
	Inputs json.RawMessage `json:"inputs"`
	Noop   bool            `json:"noop"`
}

// Reply is what a node is answered.
type Reply struct {
	StatusCode int      `json:"statuscode"`
	StatusMsg  string   `json:"statusmsg,omitempty"`
	Data       any      `json:"data,omitempty"`
	Changed    bool     `json:"changed"`
	Error      *Failure `json:"error,omitempty"`
}

// Failure ends an action with an error.
type Failure struct {
	Kind       string `json:"kind"`
	Message    string `json:"message"`
	StatusCode int    `json:"-"`
}

func (failure *Failure) Error() string {
	return failure.Kind + ": " + failure.Message
}

// fail makes the error of an action. The kind is a word for programs, the message a sentence for people.
func fail(kind, message string) error {
	return &Failure{"sample/" + kind, message, 1}
}

// actionPrint: Prints it
func actionPrint(request Request) (Reply, error) {
	var inputs struct {
		// string: A word of most languages
		Class string `json:"class"`
		// string, optional: Another one
		Default *string `json:"default"`
		// integer, optional, default 10: And one of Ruby
		End int64 `json:"end"`
	}
	if err := json.Unmarshal(request.Inputs, &inputs); err != nil {
		return Reply{}, err
	}
	var outputs struct {
		// string: A word as well
		Function string `json:"function"`
	}
	outputs.Function = ""
	if request.Noop {
		// Find out here what would be changed, and change nothing.
		return Reply{Data: outputs, StatusMsg: "noop: nothing would be changed"}, nil
	}

	// The work goes here. To report an error: return Reply{}, fail("not_found", "what is missing")
	return Reply{Data: outputs, Changed: false}, nil
}

// actionReset: Forgets everything
func actionReset(request Request) (Reply, error) {
	var outputs struct{}
	if request.Noop {
		// Find out here what would be changed, and change nothing.
		return Reply{Data: outputs, StatusMsg: "noop: nothing would be changed"}, nil
	}

	// The work goes here. To report an error: return Reply{}, fail("not_found", "what is missing")
	return Reply{Data: outputs, Changed: false}, nil
}

// actionStatus: How a thing is
func actionStatus(request Request) (Reply, error) {
	var inputs struct {
		// boolean, optional, default false: Whether to look into it
		Deep bool `json:"deep"`
		// integer, optional: How far to look
		Depth *int64 `json:"depth"`
		// hash, optional: What must be so
		Labels map[string]any `json:"labels"`
		// float, optional, default 0.9: Above which it is full
		Limit float64 `json:"limit"`
		// string: Which thing
		Name string `json:"name"`
		// number, optional: How much of it
		Ratio *float64 `json:"ratio"`
		// array, optional: Which ones
		Tags []any `json:"tags"`
		// string, optional, sensitive: Proves who asks
		Token *string `json:"token"`
		// one of "bytes", 1024, true, optional: How sizes are shown
		Unit any `json:"unit"`
	}
	if err := json.Unmarshal(request.Inputs, &inputs); err != nil {
		return Reply{}, err
	}
	var outputs struct {
		// of any type: Of no certain type
		Anything any `json:"anything"`
		// integer: How large it is
		Bytes int64 `json:"bytes"`
		// hash: What it is called
		Labels map[string]any `json:"labels"`
		// hash, default {"cpu":2,"empty":{},"ratio":0.5,"tags":["a",null,true]}: What it may do
		Limits map[string]any `json:"limits"`
		// float: How busy it is
		Load float64 `json:"load"`
		// string: What else is known
		Note string `json:"note"`
		// array: What it is made of
		Parts []any `json:"parts"`
		// boolean: Whether it is there
		Present bool `json:"present"`
		// number: How good it is
		Score float64 `json:"score"`
		// string, default "it's idle": What it does
		State string `json:"state"`
	}
	outputs.Anything = ""
	outputs.Bytes = 0
	outputs.Labels = map[string]any{}
	outputs.Limits = map[string]any{"cpu": 2, "empty": map[string]any{}, "ratio": 0.5, "tags": []any{"a", nil, true}}
	outputs.Load = 0.0
	outputs.Note = ""
	outputs.Parts = []any{}
	outputs.Present = false
	outputs.Score = 0
	outputs.State = "it's idle"

	// The work goes here. To report an error: return Reply{}, fail("not_found", "what is missing")
	return Reply{Data: outputs, Changed: false}, nil
}

func act(request Request) (Reply, error) {
	switch request.Action {
	case "print":
		return actionPrint(request)
	case "reset":
		return actionReset(request)
	case "status":
		return actionStatus(request)
	}
	return Reply{}, &Failure{"sample/unknown_action", "unknown action '" + request.Action + "'", 2}
}

func answer(request Request) (Reply, error) {
	reply, err := act(request)
	var failure *Failure
	if errors.As(err, &failure) {
		return Reply{StatusCode: failure.StatusCode, Error: failure}, nil
	}
	return reply, err
}

func replyChannel() *os.File {
	descriptor, err := strconv.Atoi(os.Getenv("HOCKET_REPLY_FD"))
	if err != nil {
		return os.Stdout // by hand
	}
	return os.NewFile(uintptr(descriptor), "reply")
}

func main() {
	log.SetFlags(0)
	text, err := io.ReadAll(os.Stdin)
	if err != nil || len(bytes.TrimSpace(text)) == 0 {
		log.Fatal("no request on standard input")
	}
	var request Request
	if err := json.Unmarshal(text, &request); err != nil {
		log.Fatal("standard input is no request: ", err)
	}
	reply, err := answer(request)
	if err != nil {
		log.Fatal(err)
	}
	if err := json.NewEncoder(replyChannel()).Encode(reply); err != nil {
		log.Fatal(err)
	}
}
