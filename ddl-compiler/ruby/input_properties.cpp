#include "ddl-compiler/ruby/input_properties.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/ddl/validation.h"
#include "ddl-compiler/ruby/named_patterns.h"
#include "ddl-compiler/ruby/pattern.h"
#include "ddl-compiler/ruby/value_node.h"

namespace hocket::ddl_compiler::ruby {

namespace {

using ddl::SourceNode;

/// The symbols that check the type of a value when they are a validation.
constexpr std::array<std::string_view, 5> k_type_checks = {"string", "integer", "boolean", "float", "number"};

bool is_type_check(std::string_view name) {
    return std::find(k_type_checks.begin(), k_type_checks.end(), name) != k_type_checks.end();
}

bool is_validator(std::string_view name) {
    return std::any_of(ddl::k_named_validators.begin(), ddl::k_named_validators.end(),
                       [&](const auto& named) { return named.second == name; });
}

/// In the tree such a text names a validator.
bool looks_like_name(std::string_view text) {
    return text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

class InputReader {
public:
    InputReader(const std::vector<ValuePair>& properties, const std::string& owner, Problems& problems)
        : properties_(properties), owner_(owner), problems_(problems) {}

    SourceNode read(std::size_t offset) {
        node_ = empty_node(SourceNode::Kind::object, offset);
        const ValuePair* const type = find_property(properties_, "type");
        is_string_ =
            type != nullptr && type->value.kind == Value::Kind::symbol && type->value.text == "string";
        for (const ValuePair& pair : properties_) {
            try {
                read_property(pair);
            } catch (const Refused&) {
                continue;
            }
        }
        if (type != nullptr && is_string_ && find_property(properties_, "validation") == nullptr) {
            problems_.error(
                type->value.offset,
                owner_ + " is a string without :validation, which MCollective refuses too",
                ":validation => '.' takes any text of one character or more; better is a pattern");
        }
        return std::move(node_);
    }

private:
    void add(const ValuePair& pair, SourceNode value) {
        add_member(node_, pair.key.offset, pair.key.text, std::move(value));
    }

    void read_property(const ValuePair& pair) {
        if (pair.key.text == "type") return read_type(pair);
        if (pair.key.text == "validation" && is_string_) return read_validation(pair);
        if (pair.key.text == "validation") return pass_validation(pair);
        add(pair, to_node(pair.value, problems_));
    }

    void read_type(const ValuePair& pair) {
        const Value& type = pair.value;
        if (type.kind == Value::Kind::string) {
            problems_.error(type.offset,
                            "the :type of " + owner_ + " is a string, which MCollective takes for a pattern",
                            "write :type => :" + type.text);
        }
        if (type.kind == Value::Kind::symbol && type.text == "any") {
            problems_.error(
                type.offset, owner_ + " has the type :any, of which MCollective 2 refuses every value",
                "write the type that the values have; :string with :validation => '.' takes any text");
            return add(pair, text_node(type.offset, "string"));
        }
        if (type.kind != Value::Kind::symbol) return add(pair, to_node(type, problems_));
        if (!is_validator(type.text)) return add(pair, text_node(type.offset, type.text));
        add(pair, text_node(type.offset, "string"));
        add_member(node_, type.offset, "validation", text_node(type.offset, type.text));
    }

    /// Of a type that has none. What is no text could not be passed on.
    void pass_validation(const ValuePair& pair) {
        const ValuePair* const type = find_property(properties_, "type");
        const bool says_nothing = type != nullptr && type->value.kind == Value::Kind::symbol &&
                                  pair.value.kind == Value::Kind::symbol &&
                                  pair.value.text == type->value.text;
        if (says_nothing) return;
        const bool is_validator_type =
            type != nullptr && type->value.kind == Value::Kind::symbol && is_validator(type->value.text);
        if (is_validator_type) {
            problems_.warning(
                ddl::Warning::ignored_key, pair.key.offset,
                "'validation' of " + owner_ + " means nothing beside the type :" + type->value.text);
            return;
        }
        const bool is_regex = pair.value.kind == Value::Kind::regex;
        add(pair, is_regex ? text_node(pair.value.offset, pair.value.text) : to_node(pair.value, problems_));
    }

    void read_validation(const ValuePair& pair) {
        const Value& rule = pair.value;
        switch (rule.kind) {
            case Value::Kind::symbol: return read_named(pair);
            case Value::Kind::string:
            case Value::Kind::regex: return read_pattern_of(pair);
            case Value::Kind::array:
                return problems_.error(rule.offset,
                                       "the :validation of " + owner_ +
                                           " is an array: MCollective takes what is one of its values",
                                       "write :type => :list, :list => […]");
            case Value::Kind::nil:
            case Value::Kind::boolean:
            case Value::Kind::integer:
            case Value::Kind::floating:
            case Value::Kind::hash:
            case Value::Kind::function:
                return problems_.error(
                    rule.offset,
                    "the :validation of " + owner_ + " is " + describe(rule) +
                        ", with which MCollective checks nothing",
                    ":validation => '.' takes any text of one character or more; better is a pattern");
        }
    }

    void read_named(const ValuePair& pair) {
        const Value& rule = pair.value;
        if (rule.text == "string") return;
        if (is_type_check(rule.text)) {
            return problems_.error(rule.offset,
                                   "the :validation of " + owner_ + " asks for the type :" + rule.text +
                                       ", which no :string has",
                                   "write :type => :" + rule.text);
        }
        add(pair, text_node(rule.offset, rule.text));  // the reader knows those that users declared
    }

    void read_pattern_of(const ValuePair& pair) {
        const Value& rule = pair.value;
        if (const auto name = validator_of_pattern(rule.text); name && rule.flags.empty())
            return add(pair, text_node(rule.offset, std::string(*name)));
        const Result<Pattern> pattern = read_pattern(rule.text, rule.flags);
        if (!pattern)
            return problems_.error(rule.offset,
                                   "the :validation of " + owner_ + ": " + pattern.error().message);
        warn_of_line_anchors(*pattern, rule.offset);
        const bool is_name = !pattern->text.empty() && looks_like_name(pattern->text);
        if (!is_name) return add(pair, text_node(rule.offset, pattern->text));
        if (rule.kind == Value::Kind::string && is_validator(pattern->text)) {
            problems_.warning(
                ddl::Warning::unknown_validator, rule.offset,
                "'" + rule.text +
                    "' is a string, so it is a regular expression; the validator is :" + rule.text);
        }
        add(pair, text_node(rule.offset, "(?:" + pattern->text + ")"));
    }

    void warn_of_line_anchors(const Pattern& pattern, std::size_t offset) {
        if (!pattern.has_line_start && !pattern.has_line_end) return;
        const bool both = pattern.has_line_start && pattern.has_line_end;
        const std::string anchors = both ? "^ and $ are the ends of a line in Ruby, and of the text here"
                                    : pattern.has_line_start
                                        ? "^ is the start of a line in Ruby, and of the text here"
                                        : "$ is the end of a line in Ruby, and of the text here";
        problems_.warning(ddl::Warning::line_anchors, offset,
                          anchors + ": a value with a second line, which MCollective lets pass, is refused",
                          "write \\A and \\z, which are the ends of the text in both");
    }

    const std::vector<ValuePair>& properties_;
    const std::string& owner_;
    Problems& problems_;
    SourceNode node_;
    bool is_string_ = false;
};

}  // namespace

SourceNode input_node(const Value& properties, const std::string& owner, Problems& problems) {
    const std::vector<ValuePair>& pairs = properties_of(properties, "the properties of " + owner, problems);
    return InputReader(pairs, owner, problems).read(properties.offset);
}

}  // namespace hocket::ddl_compiler::ruby
