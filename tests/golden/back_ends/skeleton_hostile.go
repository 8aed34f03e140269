// The agent coding: coding: latin-1 """ ' ' ' */ ?> =end =cut #{exit 1} ${exit} $(exit 1) `exit 1` <<agent>> \ \u2028exit
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
	return &Failure{"coding/" + kind, message, 1}
}

// action2fa: +build ignore
func action2fa(request Request) (Reply, error) {
	var outputs struct{}

	// The work goes here. To report an error: return Reply{}, fail("not_found", "what is missing")
	return Reply{Data: outputs, Changed: false}, nil
}

// action: @return never
func action(request Request) (Reply, error) {
	var outputs struct{}

	// The work goes here. To report an error: return Reply{}, fail("not_found", "what is missing")
	return Reply{Data: outputs, Changed: false}, nil
}

// actionProto: shareable_constant_value: nonsense
func actionProto(request Request) (Reply, error) {
	var outputs struct{}

	// The work goes here. To report an error: return Reply{}, fail("not_found", "what is missing")
	return Reply{Data: outputs, Changed: false}, nil
}

// actionAB: shellcheck disable=nonsense
func actionAB(request Request) (Reply, error) {
	var outputs struct{}
	if request.Noop {
		// Find out here what would be changed, and change nothing.
		return Reply{Data: outputs, StatusMsg: "noop: nothing would be changed"}, nil
	}

	// The work goes here. To report an error: return Reply{}, fail("not_found", "what is missing")
	return Reply{Data: outputs, Changed: false}, nil
}

// actionAB_: line 1 "x"
func actionAB_(request Request) (Reply, error) {
	var outputs struct{}

	// The work goes here. To report an error: return Reply{}, fail("not_found", "what is missing")
	return Reply{Data: outputs, Changed: false}, nil
}

// actionAb: go:build ignore
func actionAb(request Request) (Reply, error) {
	var outputs struct{}

	// The work goes here. To report an error: return Reply{}, fail("not_found", "what is missing")
	return Reply{Data: outputs, Changed: false}, nil
}

// actionConstructor: # heading - list code
func actionConstructor(request Request) (Reply, error) {
	var outputs struct{}

	// The work goes here. To report an error: return Reply{}, fail("not_found", "what is missing")
	return Reply{Data: outputs, Changed: false}, nil
}

// actionDefault: */ exit(1); /* ?> <?php exit(1); =begin =cut exit 1 """ exit(1) ' ' '\u2028exit 1\u0085exit\rexit \
func actionDefault(request Request) (Reply, error) {
	var inputs struct {
		// string, optional: """ exit(1) */ ?> \
		Input2fa *string `json:"2fa"`
		// string, optional: """ exit(1) */ ?> \
		Input7 *string `json:"7"`
		// string, optional: """ exit(1) */ ?> \
		IFS *string `json:"IFS"`
		// string, optional: """ exit(1) */ ?> \
		None *string `json:"None"`
		// string, optional: """ exit(1) */ ?> \
		PATH *string `json:"PATH"`
		// string, optional: """ exit(1) */ ?> \
		UID *string `json:"UID"`
		// string, optional: """ exit(1) */ ?> \
		Input *string `json:"_"`
		// string, optional: """ exit(1) */ ?> \
		Input1 *string `json:"_1"`
		// string, optional: """ exit(1) */ ?> \
		Proto *string `json:"__proto__"`
		// string, optional: """ exit(1) */ ?> \
		A *string `json:"a"`
		// string, optional: """ exit(1) */ ?> \
		Action *string `json:"action"`
		// string, optional: """ exit(1) */ ?> \
		Action_ *string `json:"action_"`
		// string, optional: """ exit(1) */ ?> \
		Class *string `json:"class"`
		// string, optional: """ exit(1) */ ?> \
		Fs *string `json:"fs"`
		// string, optional: """ exit(1) */ ?> \
		Inputs *string `json:"inputs"`
		// string, optional: """ exit(1) */ ?> \
		Noop *string `json:"noop"`
		// string, optional: """ exit(1) */ ?> \
		Null *string `json:"null"`
		// string, optional: """ exit(1) */ ?> \
		Omitted *string `json:"omitted"`
		// string, optional: """ exit(1) */ ?> \
		Others *string `json:"others"`
		// string, optional: """ exit(1) */ ?> \
		Outputs *string `json:"outputs"`
		// one of "*/", "?>", "\"\"\"", "\n", "#{exit}", optional: One
		Pick any `json:"pick"`
		// string, optional: """ exit(1) */ ?> \
		Request *string `json:"request"`
		// string, optional, sensitive: -*- coding: x -*-
		Secret *string `json:"secret"`
		// string, optional: """ exit(1) */ ?> \
		Self *string `json:"self"`
		// string, optional: """ exit(1) */ ?> \
		This *string `json:"this"`
	}
	if err := json.Unmarshal(request.Inputs, &inputs); err != nil {
		return Reply{}, err
	}
	var outputs struct {
		// string, default "a\n'\"\"\" \\ */ ?> #{exit} ${x} $x @x %x $(exit) `exit` \u202e\u0007 é 𝄞\t\r end\\": */ ?> """ exit
		Output2 string `json:"2"`
		// integer, default 9223372036854775807: shareable_constant_value: nonsense
		Output2fa int64 `json:"2fa"`
		// hash, default {"*/":["?>",null,false,1.5e+300],"2":[],"__proto__":{"a'b":"#{x} 'y' $z"},"é\n":{}}: Nested
		Proto map[string]any `json:"__proto__"`
		// string, default "a\n'\"\"\" \\ */ ?> #{exit} ${x} $x @x %x $(exit) `exit` \u202e\u0007 é 𝄞\t\r end\\": */ ?> """ exit
		Class string `json:"class"`
		// of any type, default [1,{"x":"$(exit)"}]: Free
		Free any `json:"free"`
		// integer, default -9223372036854775808: Least
		Minimum int64 `json:"minimum"`
		// string, default "a\u0000b": NUL
		Null string `json:"null"`
		// string, default "it's #{x} $y @z": line 7 "x"
		Plain string `json:"plain"`
	}
	outputs.Output2 = "a\n'\"\"\" \\ */ ?> #{exit} ${x} $x @x %x $(exit) `exit` \u202e\u0007 é 𝄞\u0009\u000d end\\"
	outputs.Output2fa = 9223372036854775807
	outputs.Proto = map[string]any{"*/": []any{"?>", nil, false, 1.5e+300}, "2": []any{}, "__proto__": map[string]any{"a'b": "#{x} 'y' $z"}, "é\n": map[string]any{}}
	outputs.Class = "a\n'\"\"\" \\ */ ?> #{exit} ${x} $x @x %x $(exit) `exit` \u202e\u0007 é 𝄞\u0009\u000d end\\"
	outputs.Free = []any{1, map[string]any{"x": "$(exit)"}}
	outputs.Minimum = -9223372036854775808
	outputs.Null = "a\u0000b"
	outputs.Plain = "it's #{x} $y @z"
	if request.Noop {
		// Find out here what would be changed, and change nothing.
		return Reply{Data: outputs, StatusMsg: "noop: nothing would be changed"}, nil
	}

	// The work goes here. To report an error: return Reply{}, fail("not_found", "what is missing")
	return Reply{Data: outputs, Changed: false}, nil
}

func act(request Request) (Reply, error) {
	switch request.Action {
	case "2fa":
		return action2fa(request)
	case "_":
		return action(request)
	case "__proto__":
		return actionProto(request)
	case "a__b":
		return actionAB(request)
	case "a_b":
		return actionAB_(request)
	case "ab":
		return actionAb(request)
	case "constructor":
		return actionConstructor(request)
	case "default":
		return actionDefault(request)
	}
	return Reply{}, &Failure{"coding/unknown_action", "unknown action '" + request.Action + "'", 2}
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
