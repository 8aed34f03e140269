#include "ddl-compiler/back_ends/skeleton_parts.h"

#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "core/base/text.h"

namespace hocket::ddl_compiler {

namespace {

/// The bytes of the code point at the start of valid UTF-8.
std::string_view first_character(std::string_view text) {
    std::size_t length = 1;
    while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
        ++length;
    return text.substr(0, length);
}

bool is_printable(std::string_view text) {
    return escape_text(text) == text;
}

const std::string* find_place(std::string_view name, const Places& places) {
    const auto found = std::ranges::find(places, name, &Places::value_type::first);
    return found == places.end() ? nullptr : &found->second;
}

std::string fill_line(std::string_view line, const Places& places) {
    std::string filled;
    for (;;) {
        const std::size_t begin = line.find("<<");
        const std::size_t end = begin == std::string_view::npos ? begin : line.find(">>", begin);
        if (end == std::string_view::npos) return filled.append(line);
        const std::string* const value = find_place(line.substr(begin + 2, end - begin - 2), places);
        filled.append(line.substr(0, value == nullptr ? end + 2 : begin));
        if (value != nullptr) filled += *value;
        line.remove_prefix(end + 2);
    }
}

bool is_lone_place(std::string_view line) {
    return line.starts_with("<<") && line.find(">>") + 2 == line.size();
}

std::string default_text(const std::optional<Json>& value) {
    return value ? ", default " + one_line(dump_json(*value)) : "";
}

std::string choices(const std::vector<Json>& list) {
    std::vector<std::string> words;
    for (const Json& value : list)
        words.push_back(dump_json(value));
    return "one of " + one_line(join(words, ", "));
}

template <class Field>
void add_lines_about(const std::vector<Field>& fields, const std::string& title,
                     std::vector<std::string>& lines) {
    if (fields.empty()) return;
    lines.insert(lines.end(), {"", title});
    for (const Field& field : fields)
        lines.push_back("  " + field.name + " (" + kind_of_value(field) +
                        "): " + one_line(field.description));
}

template <class Members, class Write>
std::string bracketed(const Members& members, const ValueForm::Brackets& brackets, const Write& write) {
    std::vector<std::string> words;
    for (const auto& member : members.items())
        words.push_back(write(member));
    if (words.empty()) return std::string(trim(brackets.begin)) + std::string(trim(brackets.end));
    return std::string(brackets.begin) + join(words, ", ") + std::string(brackets.end);
}

}  // namespace

std::string fill(std::string_view text, const Places& places) {
    std::string filled;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const std::string written = fill_line(line, places);
        if (!written.empty() || !is_lone_place(line)) filled += written + "\n";
    }
    return filled;
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

std::string one_line(std::string_view text) {
    std::vector<std::string> words;
    for (const std::string& line : split(text, '\n')) {
        const std::string_view trimmed = trim(line);
        if (!trimmed.empty()) words.push_back(escape_text(trimmed));
    }
    return join(words, " ");
}

std::string kind_of_value(const ddl::Input& input) {
    const std::string type(to_string(input.type));
    return (input.type == ddl::Type::list ? choices(input.list) : type) +
           (input.optional ? ", optional" : "") + default_text(input.default_value) +
           (input.sensitive ? ", sensitive" : "");
}

std::string kind_of_value(const ddl::Output& output) {
    return (output.type ? std::string(to_string(*output.type)) : "of any type") +
           default_text(output.default_value) + (output.sensitive ? ", sensitive" : "");
}

std::vector<std::string> lines_about(const ddl::Action& action) {
    std::vector<std::string> lines = {"Action " + action.name + ": " + one_line(action.description)};
    add_lines_about(action.inputs, "Inputs:", lines);
    add_lines_about(action.outputs, "Outputs:", lines);
    return lines;
}

std::string comment(const std::vector<std::string>& lines, const std::string& mark) {
    std::string text;
    for (const std::string& line : lines) {
        std::string whole = mark + line;
        whole.erase(whole.find_last_not_of(' ') + 1);
        text += (text.empty() ? "" : "\n") + whole;
    }
    return text;
}

std::string listed(const std::vector<std::string>& words, const Indent& indent, std::string_view last) {
    constexpr std::size_t longest_line = 80;
    std::string line = join(words, ", ");
    if (line.size() <= longest_line) return line;
    const std::string begin = "\n" + std::string(indent.inner);
    return begin + join(words, "," + begin).append(last).append("\n").append(indent.outer);
}

Json first_value(const ddl::Output& output) {
    if (output.default_value) return *output.default_value;
    switch (output.type.value_or(ddl::Type::string)) {
        case ddl::Type::string: return "";
        case ddl::Type::integer: return 0;
        case ddl::Type::floating: return 0.0;
        case ddl::Type::number: return 0;
        case ddl::Type::boolean: return false;
        case ddl::Type::array: return Json::array();
        case ddl::Type::hash: return Json::object();
        case ddl::Type::list:
        case ddl::Type::any: return "";
    }
    return {};
}

bool is_given(const ddl::Input& input) {
    return !input.optional || input.default_value.has_value();
}

bool is_word(std::string_view name) {
    return !name.empty() && !is_digit(name.front()) && std::ranges::all_of(name, [](char character) {
        return is_letter(character) || is_digit(character) || character == '_';
    });
}

std::string to_camel(std::string_view name) {
    std::string camel;
    bool begins_word = true;
    for (const char character : name) {
        if (character == '_') {
            begins_word = true;
            continue;
        }
        camel.push_back(begins_word ? to_upper_ascii(character) : character);
        begins_word = false;
    }
    return camel;
}

std::string Names::take(std::string wanted) {
    while (!taken_.insert(wanted).second)
        wanted += '_';
    return wanted;
}

std::string quote(std::string_view text, const StringForm& form) {
    const StringForm::Quotes& quotes = is_printable(text) ? form.plain : form.escaping;
    std::string quoted(quotes.begin);
    while (!text.empty()) {
        const std::string_view character = first_character(text);
        text.remove_prefix(character.size());
        if (character == "\n") {
            quoted += "\\n";
        } else if (!is_printable(character)) {
            quoted += form.escape(character);
        } else {
            if (quotes.specials.find(character) != std::string_view::npos) quoted += '\\';
            quoted += character;
        }
    }
    return quoted.append(quotes.end);
}

std::string literal(const Json& value, const ValueForm& form) {
    if (value.is_null()) return std::string(form.null);
    if (value.is_boolean()) return std::string(value.get<bool>() ? form.yes : form.no);
    if (value.is_number()) return form.number(value);
    if (value.is_string()) return quote(value.get_ref<const std::string&>(), form.string);
    if (value.is_array())
        return bracketed(value, form.array,
                         [&](const auto& member) { return literal(member.value(), form); });
    return bracketed(value, form.object, [&](const auto& member) {
        return form.key(member.key()) + std::string(form.arrow) + literal(member.value(), form);
    });
}

std::string outputs_inside(const ddl::Action& action, const ValueForm& form, const Indent& indent) {
    std::string inside;
    for (const ddl::Output& output : action.outputs) {
        inside.append("\n").append(indent.inner).append(form.key(output.name)).append(form.arrow);
        inside += literal(first_value(output), form) + ",";
    }
    return inside.empty() ? "" : inside.append("\n").append(indent.outer);
}

std::string each_action(const ddl::Agent& agent, const std::function<std::string(const ddl::Action&)>& write,
                        std::string_view separator) {
    std::string all;
    for (const ddl::Action& action : agent.actions)
        all.append(all.empty() ? "" : separator).append(write(action));
    if (!all.empty()) all.pop_back();
    return all;
}

std::string hex_code_point(std::string_view utf8, int digits) {
    const auto first = static_cast<unsigned char>(utf8.front());
    unsigned value = utf8.size() == 1 ? first : first & (0xFFU >> (utf8.size() + 1));
    for (const char byte : utf8.substr(1))
        value = (value << 6U) | (static_cast<unsigned char>(byte) & 0x3FU);
    char text[16];
    std::snprintf(text, sizeof text, "%0*x", digits, value);
    return text;
}

}  // namespace hocket::ddl_compiler
