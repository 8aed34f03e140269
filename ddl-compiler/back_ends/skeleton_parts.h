#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "core/ddl/model.h"

namespace hocket::ddl_compiler {

// What the skeletons of all languages are put together from.

/// The text with a value in the place of each <<name>>; what is put in is not looked at again. A line that is nothing but
/// such a place is left out when the value is empty.
using Places = std::vector<std::pair<std::string_view, std::string>>;
std::string fill(std::string_view text, const Places& places);

/// `text` with each `from` replaced.
std::string replace_all(std::string text, std::string_view from, std::string_view to);

/// A text of the description on one line, for a comment: white space is one blank, what a terminal or a compiler might
/// stumble over is escaped.
std::string one_line(std::string_view text);

/// "string, optional" or "one of 1, 2, default 1".
std::string kind_of_value(const ddl::Input& input);
std::string kind_of_value(const ddl::Output& output);

/// What stands above an action: its name and description, then its inputs and outputs, each on a line.
///
///     Action usage: How full a file system is
///
///     Inputs:
///       path (string, default "/"): A path on the file system
std::vector<std::string> lines_about(const ddl::Action& action);

/// The lines, each after the mark, without blanks at their ends and without the last newline.
std::string comment(const std::vector<std::string>& lines, const std::string& mark);

/// The words with commas between them; each on a line of its own, with this indent, when there are too many for one line,
/// and then the last one has `last` behind it and the outer indent below it.
struct Indent {
    std::string_view inner;
    std::string_view outer;
};
std::string listed(const std::vector<std::string>& words, const Indent& indent, std::string_view last = ",");

/// What a skeleton answers: the default, or the plainest value of the type.
Json first_value(const ddl::Output& output);

/// Whether a value is given for certain: the node fills in what has a default.
bool is_given(const ddl::Input& input);

/// [A-Za-z_][A-Za-z0-9_]*, which every one of the languages takes for a name.
bool is_word(std::string_view name);

/// "used_bytes" as "UsedBytes".
std::string to_camel(std::string_view name);

/// Names within one scope.
class Names {
public:
    /// Taken from the beginning: words of the language, and what the skeleton itself calls so.
    explicit Names(const std::set<std::string_view>& taken) : taken_(taken.begin(), taken.end()) {}

    /// The wanted name, or the first free one with underscores behind it.
    std::string take(std::string wanted);

private:
    std::set<std::string> taken_;
};

/// How a language writes a string: one of printable characters in plain quotes, another one in those that know escapes.
struct StringForm {
    struct Quotes {
        std::string_view begin;
        std::string_view end;
        std::string_view specials;  ///< characters that need a backslash
    };
    Quotes plain;
    Quotes escaping;
    /// What is written for a character that cannot be printed, other than \n.
    std::function<std::string(std::string_view utf8)> escape;
};

/// How a language writes a value of JSON.
struct ValueForm {
    struct Brackets {
        std::string_view begin;
        std::string_view end;
    };
    StringForm string;
    std::string_view null;
    std::string_view yes;
    std::string_view no;
    Brackets array;
    Brackets object;
    std::string_view arrow;  ///< between a key and its value
    std::function<std::string(const std::string& key)> key;
    std::function<std::string(const Json& number)> number = [](const Json& value) {
        return dump_json(value);
    };
};

std::string quote(std::string_view text, const StringForm& form);
std::string literal(const Json& value, const ValueForm& form);

/// What stands between the brackets of a literal of the outputs: each on a line with the inner indent, then the outer one.
std::string outputs_inside(const ddl::Action& action, const ValueForm& form, const Indent& indent);

/// The texts of all actions, which end with a newline, and the separator between them; without the last newline.
std::string each_action(const ddl::Agent& agent, const std::function<std::string(const ddl::Action&)>& write,
                        std::string_view separator = "\n");

/// The hexadecimal digits of the first code point, at least so many: "009b".
std::string hex_code_point(std::string_view utf8, int digits);

}  // namespace hocket::ddl_compiler
