#include <map>

#include <nlohmann/json.hpp>

#include "ddl-compiler/back_ends/skeleton_languages.h"
#include "ddl-compiler/back_ends/skeleton_parts.h"

namespace hocket::ddl_compiler {

namespace {

constexpr std::string_view k_program = R"go(// The agent <<agent>>: <<description>>
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
	return &Failure{"<<agent>>/" + kind, message, 1}
}

<<actions>>

func act(request Request) (Reply, error) {
	switch request.Action {
<<cases>>
	}
	return Reply{}, &Failure{"<<agent>>/unknown_action", "unknown action '" + request.Action + "'", 2}
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
)go";

constexpr std::string_view k_action = R"go(// <<function>>: <<description>>
func <<function>>(request Request) (Reply, error) {
<<inputs>>
	var outputs struct<<outputs>>
<<values>>
<<noop>>

	// The work goes here. To report an error: return Reply{}, fail("not_found", "what is missing")
	return Reply{Data: outputs, Changed: false}, nil
}
)go";

constexpr std::string_view k_inputs = R"go(	var inputs struct<<fields>>
	if err := json.Unmarshal(request.Inputs, &inputs); err != nil {
		return Reply{}, err
	})go";

constexpr std::string_view k_noop = R"go(	if request.Noop {
		// Find out here what would be changed, and change nothing.
		return Reply{Data: outputs, StatusMsg: "noop: nothing would be changed"}, nil
	})go";

/// gofmt would make typographic quotes of two single ones.
std::string go_comment(const std::string& text) {
    std::string apart = one_line(text);
    for (const std::string quote : {"'", "`"}) {
        for (int pass = 0; pass < 2; ++pass)
            apart = replace_all(apart, quote + quote, quote + " " + quote);
    }
    return apart;
}

ValueForm go_form() {
    const StringForm::Quotes quotes{.begin = "\"", .end = "\"", .specials = "\"\\"};
    const StringForm string{.plain = quotes, .escaping = quotes, .escape = [](std::string_view utf8) {
                                return "\\u" + hex_code_point(utf8, 4);
                            }};
    return {.string = string,
            .null = "nil",
            .yes = "true",
            .no = "false",
            .array = {"[]any{", "}"},
            .object = {"map[string]any{", "}"},
            .arrow = ": ",
            .key = [string](const std::string& key) { return quote(key, string); }};
}

std::string go_type(ddl::Type type) {
    switch (type) {
        case ddl::Type::string: return "string";
        case ddl::Type::integer: return "int64";
        case ddl::Type::floating: return "float64";
        case ddl::Type::number: return "float64";
        case ddl::Type::boolean: return "bool";
        case ddl::Type::array: return "[]any";
        case ddl::Type::hash: return "map[string]any";
        case ddl::Type::list:
        case ddl::Type::any: return "any";
    }
    return {};
}

/// nil stands for one that is absent.
std::string type_of(const ddl::Input& input) {
    const std::string type = go_type(input.type);
    const bool has_nil = type == "any" || type.ends_with("]any");
    return is_given(input) || has_nil ? type : "*" + type;
}

std::string type_of(const ddl::Output& output) {
    return output.type ? go_type(*output.type) : "any";
}

/// Others of the package can see it, as encoding/json must: it begins with a capital letter.
std::string field_name(const std::string& name, const std::string& what, Names& names) {
    const std::string camel = to_camel(name);
    return names.take(is_word(camel) ? camel : what + camel);
}

template <class Field>
std::string fields(const std::vector<Field>& all, const std::string& what) {
    Names names({});
    std::string lines;
    for (const Field& field : all) {
        lines += "\n\t\t// " + kind_of_value(field) + ": " + one_line(field.description);
        lines += "\n\t\t" + field_name(field.name, what, names) + " " + type_of(field) + " `json:\"" +
                 field.name + "\"`";
    }
    return lines.empty() ? "{}" : " {" + lines + "\n\t}";
}

std::string inputs(const ddl::Action& action) {
    if (action.inputs.empty()) return "";
    std::string text = fill(k_inputs, {{"fields", fields(action.inputs, "Input")}});
    text.pop_back();
    return text;
}

std::string values(const ddl::Action& action) {
    Names names({});
    std::string lines;
    for (const ddl::Output& output : action.outputs) {
        lines += (lines.empty() ? "" : "\n") + ("\toutputs." + field_name(output.name, "Output", names)) +
                 " = " + literal(first_value(output), go_form());
    }
    return lines;
}

using Functions = std::map<std::string, std::string>;

Functions functions_of(const ddl::Agent& agent) {
    Names names({});
    Functions functions;
    for (const ddl::Action& action : agent.actions)
        functions[action.name] = names.take("action" + to_camel(action.name));
    return functions;
}

std::string go_action(const ddl::Action& action, const std::string& function) {
    return fill(k_action, {{"function", function},
                           {"description", go_comment(action.description)},
                           {"inputs", inputs(action)},
                           {"outputs", fields(action.outputs, "Output")},
                           {"values", values(action)},
                           {"noop", action.noop ? std::string(k_noop) : ""}});
}

std::string cases(const ddl::Agent& agent, const Functions& functions) {
    std::string lines;
    for (const ddl::Action& action : agent.actions) {
        lines += (lines.empty() ? "\tcase \"" : "\n\tcase \"") + action.name + "\":\n\t\treturn " +
                 functions.at(action.name) + "(request)";
    }
    return lines;
}

}  // namespace

std::string go_skeleton(const ddl::Agent& agent) {
    const Functions functions = functions_of(agent);
    const auto write = [&](const ddl::Action& action) {
        return go_action(action, functions.at(action.name));
    };
    return fill(k_program, {{"agent", agent.metadata.name},
                            {"description", go_comment(agent.metadata.description)},
                            {"actions", each_action(agent, write)},
                            {"cases", cases(agent, functions)}});
}

}  // namespace hocket::ddl_compiler
