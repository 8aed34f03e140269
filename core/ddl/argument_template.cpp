#include "core/ddl/argument_template.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "core/base/names.h"
#include "core/base/regex.h"
#include "core/base/text.h"

namespace hocket::ddl {

namespace {

constexpr std::string_view k_end_of_options = "--";
constexpr std::string_view k_items = "...";

// execve(2), MAX_ARG_STRLEN: 32 pages with the NUL.
constexpr std::size_t k_longest_argument = 131'071;

Error wrong(const std::string& element, const std::string& reason) {
    return {ErrorCode::usage, quote_bytes(element) + ": " + reason, {}};
}

Error refusal(const std::string& input, const std::string& reason) {
    const std::string message = "input '" + input + "' " + reason;
    return {ErrorCode::invalid_input, message, {{"/inputs/" + input, "argument", message}}};
}

}  // namespace

std::string text_of(const Json& value) {
    return value.is_string() ? value.get<std::string>() : dump_json(value);
}

// ---- reading -----------------------------------------------------------------------------------------------------------

bool ArgumentTemplate::Element::is_literal() const {
    return use == Use::text && (pieces.empty() || (pieces.size() == 1 && !pieces[0].is_input));
}

bool ArgumentTemplate::Element::is_option() const {
    return is_literal() && !pieces.empty() && pieces[0].text.starts_with('-') &&
           pieces[0].text != k_end_of_options;
}

Result<ArgumentTemplate> ArgumentTemplate::parse(const std::vector<std::string>& argv) {
    std::vector<Error> errors;
    ArgumentTemplate made = parse(argv, errors);
    if (!errors.empty()) return errors.front();
    return made;
}

ArgumentTemplate ArgumentTemplate::parse(const std::vector<std::string>& argv, std::vector<Error>& errors) {
    ArgumentTemplate made;
    for (const std::string& text : argv) {
        const bool is_executable = &text == &argv.front();
        Result<Element> element = parse_element(text);
        if (!element) {
            errors.push_back(element.error());
            continue;
        }
        if (is_executable && !element->is_literal())
            errors.push_back(wrong(text, "no input may choose the executable"));
        if (is_executable && !element->pieces.empty()) made.executable_ = element->pieces[0].text;
        made.elements_.push_back(std::move(*element));
    }
    return made;
}

Result<ArgumentTemplate::Element> ArgumentTemplate::parse_element(const std::string& text) {
    Element element;
    std::string literal;
    const auto end_literal = [&] {
        if (!literal.empty()) element.pieces.push_back({std::exchange(literal, {}), false});
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char character = text[at];
        if (character != '{' && character != '}') {
            literal.push_back(character);
            continue;
        }
        if (at + 1 < text.size() && text[at + 1] == character) {
            literal.push_back(character);
            ++at;
            continue;
        }
        const std::size_t end = character == '{' ? text.find('}', at) : std::string::npos;
        if (end == std::string::npos) {
            return wrong(text, "a brace without its partner; a brace itself is written twice");
        }
        std::string inner = text.substr(at + 1, end - at - 1);
        const std::size_t question = inner.find('?');
        if (question != std::string::npos) {
            element.use = Use::flag;
            element.when_true = inner.substr(question + 1);
            inner.resize(question);
        } else if (inner.ends_with(k_items)) {
            element.use = Use::items;
            inner.resize(inner.size() - k_items.size());
        }
        if (!is_input_name(inner)) return wrong(text, "'" + inner + "' is not the name of an input");
        const bool has_prefix = at != 0;
        const bool may_have_prefix = element.use != Use::flag && element.pieces.empty();
        if (element.use != Use::text && ((has_prefix && !may_have_prefix) || end + 1 != text.size())) {
            return wrong(text, "such a place must be the whole element");
        }
        end_literal();
        element.pieces.push_back({std::move(inner), true});
        at = end;
    }
    end_literal();
    return element;
}

std::set<ArgumentTemplate::Place> ArgumentTemplate::places() const {
    std::set<Place> places;
    for (const Element& element : elements_) {
        for (const Piece& piece : element.pieces) {
            if (piece.is_input) places.insert({piece.text, element.use});
        }
    }
    return places;
}

// ---- filling -----------------------------------------------------------------------------------------------------------

class ArgumentTemplate::Filling {
public:
    explicit Filling(const Json& values) : values_(values) {}

    Result<void> add(const Element& element);
    std::vector<std::string> take() { return std::move(arguments_); }

private:
    Result<void> add_text(const Element& element);
    Result<void> add_items(const Element& element);
    Result<void> check(const std::string& name, const Json& value, bool is_start) const;
    Result<void> push(std::string argument, const std::string& name);
    const Json* find(const std::string& name) const;

    const Json& values_;
    std::vector<std::string> arguments_;
    bool options_have_ended_ = false;
    bool follows_option_ = false;  ///< a literal one, that has not been left out
};

const Json* ArgumentTemplate::Filling::find(const std::string& name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : &*found;
}

Result<void> ArgumentTemplate::Filling::add(const Element& element) {
    Result<void> added;
    switch (element.use) {
        case Use::text: added = add_text(element); break;
        case Use::items: added = add_items(element); break;
        case Use::flag: {
            const Json* const value = find(element.pieces[0].text);
            if (value != nullptr && *value == true) arguments_.push_back(element.when_true);
        }
    }
    follows_option_ = element.is_option();
    options_have_ended_ = options_have_ended_ || (element.is_literal() && !arguments_.empty() &&
                                                  arguments_.back() == k_end_of_options);
    return added;
}

Result<void> ArgumentTemplate::Filling::add_text(const Element& element) {
    std::string argument;
    std::string name;
    for (const Piece& piece : element.pieces) {
        if (!piece.is_input) {
            argument += piece.text;
            continue;
        }
        name = piece.text;
        const Json* const value = find(piece.text);
        if (value == nullptr) {
            if (follows_option_ && element.is_one_value()) arguments_.pop_back();
            return {};
        }
        if (Result<void> checked = check(piece.text, *value, argument.empty()); !checked) return checked;
        argument += text_of(*value);
    }
    return push(std::move(argument), name);
}

/// `name`: the input that it ends with.
Result<void> ArgumentTemplate::Filling::push(std::string argument, const std::string& name) {
    if (argument.size() > k_longest_argument) {
        return refusal(name,
                       "makes an argument of more than the " + std::to_string(k_longest_argument) +
                           " bytes that one may have; the agent's DDL can give it on stdin, or limit it "
                           "with maxlength");
    }
    arguments_.push_back(std::move(argument));
    return {};
}

Result<void> ArgumentTemplate::Filling::add_items(const Element& element) {
    const std::string& name = element.pieces.back().text;
    const std::string prefix = element.pieces.size() > 1 ? element.pieces[0].text : "";
    const Json* const items = find(name);
    if (items == nullptr || (items->is_array() && items->empty())) {
        if (follows_option_ && prefix.empty()) arguments_.pop_back();
        return {};
    }
    for (const Json& item : *items) {
        if (Result<void> checked = check(name, item, prefix.empty()); !checked) return checked;
        if (Result<void> added = push(prefix + text_of(item), name); !added) return added;
    }
    return {};
}

/// -10:30, -5: or -5, as monitoring plugins take thresholds.
bool is_range(const std::string& text) {
    static const Regex range = Regex::compile("-[0-9.]+(:-?[0-9.]*)?").value();
    return range.full_match(text);
}

Result<void> ArgumentTemplate::Filling::check(const std::string& name, const Json& value,
                                              bool is_start) const {
    const std::string text = text_of(value);
    if (text.find('\0') != std::string::npos) {
        return refusal(name, "holds U+0000, which no program can be given as an argument");
    }
    const bool is_number_of_option = follows_option_ && (value.is_number() || is_range(text));
    if (!is_start || !text.starts_with('-') || options_have_ended_ || is_number_of_option) return {};
    return refusal(name,
                   "begins with '-', so the program would take it for an option; the agent's DDL has to put "
                   "\"--\" before it if such values are meant");
}

Result<std::vector<std::string>> ArgumentTemplate::fill(const Json& values) const {
    Filling filling(values);
    for (const Element& element : elements_) {
        if (Result<void> added = filling.add(element); !added) return added.error();
    }
    return filling.take();
}

}  // namespace hocket::ddl
