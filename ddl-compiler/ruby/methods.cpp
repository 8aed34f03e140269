#include "ddl-compiler/ruby/methods.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "core/base/text.h"
#include "core/ddl/diagnostic.h"
#include "ddl-compiler/ruby/limits.h"
#include "ddl-compiler/ruby/pattern.h"
#include "ddl-compiler/ruby/refusal.h"
#include "ddl-compiler/ruby/translate.h"

namespace hocket::ddl_compiler::ruby {

namespace {

const std::vector<std::string> k_names = {"capitalize", "upcase", "downcase", "to_s",  "to_sym",
                                          "sub",        "gsub",   "tr",       "strip", "chomp"};

bool is_known(const std::string& name) {
    return std::find(k_names.begin(), k_names.end(), name) != k_names.end();
}

constexpr std::string_view k_white = std::string_view(" \t\n\v\f\r\0", 7);

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char byte) { return static_cast<unsigned char>(byte) < 0x80U; });
}

Result<std::string> in_case(const std::string& name, const std::string& text) {
    if (!is_ascii(text)) return refusal("`" + name + "` of text that is not ASCII is not read here");
    if (name == "upcase") return to_upper_ascii(text);
    std::string result = to_lower_ascii(text);
    if (name == "capitalize" && !result.empty()) result[0] = to_upper_ascii(result[0]);
    return result;
}

std::string strip(const std::string& text) {
    const std::size_t begin = text.find_first_not_of(k_white);
    if (begin == std::string::npos) return {};
    return text.substr(begin, text.find_last_not_of(k_white) - begin + 1);
}

/// `\1` to `\9`.
bool refers_to_number(std::string_view replacement) {
    for (std::size_t at = 0; at + 1 < replacement.size(); ++at) {
        if (replacement[at] != '\\') continue;
        ++at;
        if (replacement[at] >= '1' && replacement[at] <= '9') return true;
    }
    return false;
}

/// Without one end of line, or without the ending.
std::string chomp(std::string text, const std::string* ending) {
    if (ending != nullptr && *ending != "\n") {
        if (text.ends_with(*ending)) text.resize(text.size() - ending->size());
        return text;
    }
    if (text.ends_with("\r\n")) {
        text.resize(text.size() - 2);
    } else if (text.ends_with('\n') || text.ends_with('\r')) {
        text.pop_back();
    }
    return text;
}

std::size_t most_arguments(const std::string& name) {
    if (name == "sub" || name == "gsub" || name == "tr") return 2;
    return name == "chomp" ? 1 : 0;
}

bool is_case(const std::string& name) {
    return name == "capitalize" || name == "upcase" || name == "downcase";
}

Value text_value(Value::Kind kind, std::size_t offset, std::string text) {
    return {.kind = kind, .offset = offset, .text = std::move(text)};
}

}  // namespace

std::string Methods::hint(const std::string& name) {
    if (is_known(name)) return {};
    const std::string meant = ddl::did_you_mean(name, k_names);
    return meant.empty() ? "there are " + join(k_names, ", ") : meant;
}

Result<Value> Methods::call(const Value& receiver, const std::string& name,
                            const std::vector<Value>& arguments) {
    const std::string call = "`" + name + "` of " + describe(receiver);
    if (!is_known(name)) return refusal("a call of `." + name + "` is not read here");
    const std::size_t most = most_arguments(name);
    if (arguments.size() > most || (most == 2 && arguments.size() < 2)) {
        return refusal("`" + name + "` takes " + std::to_string(most) + " arguments, not " +
                       std::to_string(arguments.size()));
    }
    if (name == "to_s") {
        const std::optional<std::string> text = to_text(receiver);
        if (!text) return refusal(call + " is not read here");
        return text_value(Value::Kind::string, receiver.offset, *text);
    }
    if (name == "to_sym" && receiver.is_text()) {
        return text_value(Value::Kind::symbol, receiver.offset, receiver.text);
    }
    if (is_case(name) && receiver.is_text()) {
        const Result<std::string> text = in_case(name, receiver.text);
        if (!text) return text.error();
        return text_value(receiver.kind, receiver.offset, *text);
    }
    if (receiver.kind != Value::Kind::string) return refusal(call + " is not possible in Ruby");
    Result<std::string> text = substitute(name, receiver.text, arguments);
    if (!text) return text.error();
    return text_value(Value::Kind::string, receiver.offset, std::move(*text));
}

/// The methods of strings alone.
Result<std::string> Methods::substitute(const std::string& name, const std::string& text,
                                        const std::vector<Value>& arguments) {
    const bool takes_pattern = name == "sub" || name == "gsub";
    for (std::size_t i = takes_pattern ? 1 : 0; i < arguments.size(); ++i) {
        if (arguments[i].kind == Value::Kind::string) continue;
        return refusal("an argument of `" + name + "` must be a string, not " + describe(arguments[i]));
    }
    if (name == "strip") return strip(text);
    if (name == "chomp") {
        if (!arguments.empty() && arguments[0].text.empty())
            return refusal("`chomp` with an empty text is not read here");
        return chomp(text, arguments.empty() ? nullptr : &arguments[0].text);
    }
    if (name == "tr") return translate(text, arguments[0].text, arguments[1].text);
    if (text.size() > k_max_searched_bytes) {
        return refusal("`" + name + "` of a text of more than " + std::to_string(k_max_searched_bytes) +
                       " bytes is not read here");
    }
    const Result<Searched> searched = compile(arguments[0]);
    if (!searched) return searched.error();
    const Regex& regex = searched->regex;
    const std::string& replacement = arguments[1].text;
    if (name == "gsub" && searched->has_line_start && text.ends_with('\n')) {
        // For Ruby no line begins behind the last end of line; for RE2 one does.
        return refusal("`gsub` with `^` of a text that ends with its line is not read here");
    }
    if (!regex.group_names().empty() && refers_to_number(replacement))
        return refusal("numbers in a replacement refer to nothing when the pattern has named groups");
    for (const std::string_view reference : {"\\k<", "\\`", "\\'"}) {
        if (replacement.find(reference) == std::string::npos) continue;
        return refusal("`" + std::string(reference) + "` in a replacement is not read here");
    }
    std::optional<std::string> result = name == "sub"
                                            ? regex.replace_first(text, replacement, k_max_text_bytes)
                                            : regex.replace_all(text, replacement, k_max_text_bytes);
    if (!result) return refusal("the result is longer than " + std::to_string(k_max_text_bytes) + " bytes");
    return std::move(*result);
}

Result<Methods::Searched> Methods::compile(const Value& pattern) {
    if (pattern.kind != Value::Kind::regex && pattern.kind != Value::Kind::string) {
        return refusal("a pattern must be a string or a regular expression, not " + describe(pattern));
    }
    std::string text = Regex::quote(pattern.text);
    bool has_line_start = false;
    if (pattern.kind == Value::Kind::regex) {
        Result<Pattern> read = read_pattern(pattern.text, pattern.flags);
        if (!read) return read.error();
        // In Ruby ^ and $ are always the ends of a line.
        text = "(?m)" + read->text;
        has_line_start = read->has_line_start;
    }
    const auto known = compiled_.find(text);
    if (known != compiled_.end()) return Searched{known->second, has_line_start};
    if (compiled_.size() >= k_max_patterns)
        return refusal("more than " + std::to_string(k_max_patterns) + " different patterns are not read");
    Result<Regex> regex = Regex::compile(text);
    if (!regex) return regex.error();
    compiled_.emplace(std::move(text), *regex);
    return Searched{*regex, has_line_start};
}

}  // namespace hocket::ddl_compiler::ruby
