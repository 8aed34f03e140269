#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <map>

#include "core/base/text.h"
#include "core/ddl/diagnostic.h"
#include "core/ddl/puppet_type_node.h"

namespace hocket::ddl {

namespace {

using Node = PuppetType::Node;
using PuppetKind = Node::Kind;

constexpr std::size_t k_max_bytes = 8U << 10U;
constexpr int k_max_depth = 32;

/// What stands between brackets.
struct Argument {
    enum class Kind { type, integer, floating, text, regex, word, boolean, any_value, members };
    Kind kind = Kind::type;
    std::vector<Node> type = {};  ///< one
    std::int64_t integer = 0;
    double floating = 0;
    std::string text = {};  ///< of a text, a regex or a lower-case word
    bool boolean = false;
    std::vector<PuppetMember> members = {};
    std::size_t offset = 0;
};

/// Ends the reading; its message says where.
struct Refusal {
    std::size_t offset;
    std::string message;
};

[[noreturn]] void refuse(std::size_t offset, const std::string& message) {
    throw Refusal{offset, message};
}

// What modules take from Puppet's standard library and Bolt most often.
const std::map<std::string_view, std::string_view>& aliases() {
    static const std::map<std::string_view, std::string_view> known = {
        {"Stdlib::Absolutepath",
         R"(Variant[Pattern[/\A(([a-zA-Z]:[\\\/])|([\\\/][\\\/][^\\\/]+[\\\/][^\\\/]+)|([\\\/][\\\/]\?[\\\/][^\\\/]+))/], Pattern[/\A\/([^\n\/\0]+\/*)*\z/]])"},
        {"Stdlib::Unixpath", R"(Pattern[/\A\/([^\n\/\0]+\/*)*\z/])"},
        {"Stdlib::Port", "Integer[0, 65535]"},
        {"Stdlib::Filemode",
         R"(Pattern[/\A(([0-7]{1,4})|([ugoa]*([-+=]([rwxXst]*|[ugo]))+|[0-7]+)(,([ugoa]*([-+=]([rwxXst]*|[ugo]))+|[0-7]+))*)\z/])"},
        {"Stdlib::HTTPUrl", R"(Pattern[/(?i:\Ahttps?:\/\/.*\z)/])"},
        {"Stdlib::HTTPSUrl", R"(Pattern[/(?i:\Ahttps:\/\/.*\z)/])"},
        {"Stdlib::Fqdn",
         R"(Pattern[/\A(([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\-]*[a-zA-Z0-9])\.)*([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9\-]*[A-Za-z0-9])\z/])"},
        {"Stdlib::Ensure::Service", "Enum[stopped, running]"},
        {"TargetSpec", "Variant[String[1], Array[String[1]]]"},
        {"Boltlib::TargetSpec", "Variant[String[1], Array[String[1]]]"},
    };
    return known;
}

const std::map<std::string_view, PuppetKind>& kinds() {
    static const std::map<std::string_view, PuppetKind> known = {{"Any", PuppetKind::any},
                                                                 {"Data", PuppetKind::data},
                                                                 {"RichData", PuppetKind::data},
                                                                 {"Scalar", PuppetKind::scalar},
                                                                 {"ScalarData", PuppetKind::scalar},
                                                                 {"Undef", PuppetKind::undef},
                                                                 {"NotUndef", PuppetKind::not_undef},
                                                                 {"Optional", PuppetKind::optional},
                                                                 {"Variant", PuppetKind::variant},
                                                                 {"String", PuppetKind::string},
                                                                 {"Pattern", PuppetKind::pattern},
                                                                 {"Enum", PuppetKind::enumeration},
                                                                 {"Integer", PuppetKind::integer},
                                                                 {"Float", PuppetKind::floating},
                                                                 {"Numeric", PuppetKind::numeric},
                                                                 {"Boolean", PuppetKind::boolean},
                                                                 {"Array", PuppetKind::array},
                                                                 {"Tuple", PuppetKind::tuple},
                                                                 {"Hash", PuppetKind::hash},
                                                                 {"Struct", PuppetKind::structure},
                                                                 {"Collection", PuppetKind::collection},
                                                                 {"Sensitive", PuppetKind::sensitive}};
    return known;
}

std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const auto& [name, kind] : kinds())
        all.emplace_back(name);
    for (const auto& [name, text] : aliases())
        all.emplace_back(name);
    return all;
}

bool is_word_character(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '_';
}

/// A Ruby pattern as RE2 has it, of what differs most often.
std::string re2_of(const std::string& ruby) {
    std::string pattern;
    for (std::size_t at = 0; at < ruby.size(); ++at) {
        const std::string_view pair = std::string_view(ruby).substr(at, 2);
        if (pair.size() < 2 || pair.front() != '\\') {
            pattern += ruby[at];
            continue;
        }
        if (pair == "\\Z")
            pattern += "(?:\\n?\\z)";
        else if (pair == "\\h")
            pattern += "[0-9a-fA-F]";
        else if (pair == "\\H")
            pattern += "[^0-9a-fA-F]";
        else
            pattern += pair;
        ++at;
    }
    return pattern;
}

// ---- what a type is made of --------------------------------------------------------------------------------------------

/// Makes a type of its name and arguments.
class NodeMaker {
public:
    NodeMaker(std::string name, std::size_t offset, std::vector<Argument> arguments)
        : name_(std::move(name)), offset_(offset), arguments_(std::move(arguments)) {}

    Node make() {
        node_.kind = kinds().find(name_)->second;
        switch (node_.kind) {
            case PuppetKind::string: return string();
            case PuppetKind::pattern: return patterns();
            case PuppetKind::enumeration: return enumeration();
            case PuppetKind::integer: return take_range(node_.range);
            case PuppetKind::floating: return floating();
            case PuppetKind::boolean: return boolean();
            case PuppetKind::array: return collection(1);
            case PuppetKind::hash: return collection(2);
            case PuppetKind::collection: return collection(0);
            case PuppetKind::tuple: return tuple();
            case PuppetKind::structure: return structure();
            case PuppetKind::variant: return some_types(1, k_no_limit);
            case PuppetKind::optional:
            case PuppetKind::not_undef:
            case PuppetKind::sensitive: return some_types(0, 1);
            case PuppetKind::any:
            case PuppetKind::data:
            case PuppetKind::scalar:
            case PuppetKind::undef:
            case PuppetKind::numeric: return some_types(0, 0);
        }
        return node_;
    }

private:
    using Wanted = Argument::Kind;
    static constexpr std::size_t k_no_limit = 1000;

    [[noreturn]] void wrong(const Argument& argument, const std::string& expected) {
        refuse(argument.offset, name_ + " takes " + expected + " here");
    }

    void expect_no_more(const std::string& expected) {
        if (next_ < arguments_.size()) wrong(arguments_[next_], expected);
    }

    bool is_next(Wanted kind) const { return next_ < arguments_.size() && arguments_[next_].kind == kind; }

    /// Optional['x'] is Optional[String['x']], and so for NotUndef.
    Node type_of(Argument& argument) {
        if (argument.kind == Wanted::type) return std::move(argument.type.front());
        if (argument.kind != Wanted::text || node_.kind == PuppetKind::variant) wrong(argument, "a type");
        Node text;
        text.kind = PuppetKind::string;
        text.texts = {argument.text};
        return text;
    }

    Node some_types(std::size_t least, std::size_t most) {
        if (arguments_.size() > most)
            wrong(arguments_[most], most == 0 ? "nothing" : "no more than " + std::to_string(most) + " type");
        if (arguments_.size() < least) refuse(offset_, name_ + " needs a type between brackets");
        for (Argument& argument : arguments_)
            node_.types.push_back(type_of(argument));
        return std::move(node_);
    }

    /// MIN, MAX; either may be `default`, and MAX may be missing.
    Node take_range(Node::Range& range) {
        for (std::int64_t* const limit : {&range.minimum, &range.maximum}) {
            if (next_ == arguments_.size()) break;
            const Argument& argument = arguments_[next_++];
            if (argument.kind == Wanted::integer) *limit = argument.integer;
            if (argument.kind != Wanted::integer && argument.kind != Wanted::any_value)
                wrong(argument, "an integer or `default`");
        }
        expect_no_more("a minimum and a maximum, no more");
        if (range.minimum > range.maximum)
            refuse(offset_, "the minimum of " + name_ + " is over its maximum");
        return std::move(node_);
    }

    Node take_sizes() {
        node_.range.minimum = 0;
        const std::size_t first = next_;
        Node made = take_range(node_.range);
        if (first < arguments_.size() && made.range.minimum < 0)
            wrong(arguments_[first], "a size of 0 or more");
        return made;
    }

    Node string() {
        if (!is_next(Wanted::text)) return take_sizes();
        node_.texts = {arguments_[next_++].text};
        expect_no_more("one text");
        return std::move(node_);
    }

    Node floating() {
        for (double* const limit : {&node_.lowest, &node_.highest}) {
            if (next_ == arguments_.size()) break;
            const Argument& argument = arguments_[next_++];
            if (argument.kind == Wanted::integer)
                *limit = static_cast<double>(argument.integer);
            else if (argument.kind == Wanted::floating)
                *limit = argument.floating;
            else if (argument.kind != Wanted::any_value)
                wrong(argument, "a number or `default`");
        }
        expect_no_more("a minimum and a maximum, no more");
        if (node_.lowest > node_.highest) refuse(offset_, "the minimum of Float is over its maximum");
        return std::move(node_);
    }

    Node boolean() {
        if (is_next(Wanted::boolean)) node_.only = arguments_[next_++].boolean;
        expect_no_more("true or false");
        return std::move(node_);
    }

    Node patterns() {
        if (arguments_.empty()) refuse(offset_, "Pattern needs at least one pattern between brackets");
        for (const Argument& argument : arguments_) {
            if (argument.kind != Wanted::regex && argument.kind != Wanted::text) wrong(argument, "a pattern");
            Result<Regex> pattern = Regex::compile(re2_of(argument.text));
            if (!pattern) refuse(argument.offset, pattern.error().message);
            node_.patterns.push_back(std::move(*pattern));
        }
        return std::move(node_);
    }

    Node enumeration() {
        if (!arguments_.empty() && arguments_.back().kind == Wanted::boolean) {
            node_.ignores_case = arguments_.back().boolean;
            arguments_.pop_back();
        }
        for (const Argument& argument : arguments_) {
            if (argument.kind != Wanted::text && argument.kind != Wanted::word) wrong(argument, "a text");
            node_.texts.push_back(argument.text);
        }
        if (node_.texts.empty()) refuse(offset_, "Enum needs at least one text between brackets");
        return std::move(node_);
    }

    /// Types of what is in it, all of them or none, then sizes.
    Node collection(std::size_t types) {
        while (is_next(Wanted::type) && node_.types.size() < types)
            node_.types.push_back(std::move(arguments_[next_++].type.front()));
        if (!node_.types.empty() && node_.types.size() != types)
            refuse(offset_, name_ + " takes the type of a key and of a value");
        return take_sizes();
    }

    Node tuple() {
        while (is_next(Wanted::type))
            node_.types.push_back(std::move(arguments_[next_++].type.front()));
        if (node_.types.empty()) refuse(offset_, "Tuple needs at least one type between brackets");
        const auto size = static_cast<std::int64_t>(node_.types.size());
        const bool has_sizes = next_ < arguments_.size();
        Node made = take_sizes();
        if (!has_sizes) made.range = {size, size};
        return made;
    }

    Node structure() {
        if (!is_next(Wanted::members)) refuse(offset_, "Struct needs its members: Struct[{key => Type}]");
        node_.members = std::move(arguments_[next_++].members);
        expect_no_more("its members, no more");
        return std::move(node_);
    }

    const std::string name_;
    const std::size_t offset_;
    std::vector<Argument> arguments_;
    std::size_t next_ = 0;
    Node node_;
};

// ---- the text ----------------------------------------------------------------------------------------------------------

class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    Node parse() {
        Node type = parse_type();
        skip_blanks();
        if (at_ < text_.size()) refuse(at_, "there is more behind the type");
        return type;
    }

private:
    void skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

    char peek() {
        skip_blanks();
        return at_ < text_.size() ? text_[at_] : '\0';
    }

    bool take(std::string_view token) {
        skip_blanks();
        if (!text_.substr(at_).starts_with(token)) return false;
        at_ += token.size();
        return true;
    }

    void expect(std::string_view token) {
        if (!take(token)) refuse(at_, "expected '" + std::string(token) + "'");
    }

    std::string take_word() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && (is_word_character(text_[at_]) || text_.substr(at_).starts_with("::")))
            at_ += text_[at_] == ':' ? 2U : 1U;
        return std::string(text_.substr(begin, at_ - begin));
    }

    Node parse_type() {
        skip_blanks();
        const std::size_t offset = at_;
        const std::string name = take_word();
        if (name.empty() || name.front() < 'A' || name.front() > 'Z')
            refuse(offset, "expected a type, such as String or Optional[Integer]");
        if (++depth_ > k_max_depth)
            refuse(offset, "types are nested more than " + std::to_string(k_max_depth) + " deep");
        std::vector<Argument> arguments;
        const bool has_arguments = take("[");
        if (has_arguments) arguments = parse_arguments();
        --depth_;
        const auto alias = aliases().find(name);
        if (alias != aliases().end() && !has_arguments) return Parser(alias->second).parse();
        if (kinds().contains(name)) {
            if (has_arguments && arguments.empty())
                refuse(offset, name + " has nothing between its brackets");
            return NodeMaker(name, offset, std::move(arguments)).make();
        }
        const std::string meant = did_you_mean(name, names());
        refuse(offset, "the type " + name + " is not known here" + (meant.empty() ? "" : "; " + meant));
    }

    std::vector<Argument> parse_arguments() {
        std::vector<Argument> arguments;
        while (!take("]")) {
            if (!arguments.empty()) {
                expect(",");
                if (take("]")) break;  // a comma may be the last
            }
            arguments.push_back(parse_argument());
        }
        return arguments;
    }

    Argument parse_argument() {
        const char next = peek();
        Argument argument;
        argument.offset = at_;
        if (next == '\'' || next == '"') {
            argument.kind = Argument::Kind::text;
            argument.text = parse_text();
        } else if (next == '/') {
            argument.kind = Argument::Kind::regex;
            argument.text = parse_regex();
        } else if (next == '{') {
            argument.kind = Argument::Kind::members;
            argument.members = parse_members();
        } else if (next == '-' || next == '+' || (next >= '0' && next <= '9')) {
            parse_number(argument);
        } else if (next >= 'A' && next <= 'Z') {
            argument.type.push_back(parse_type());
        } else {
            parse_bare_word(argument);
        }
        return argument;
    }

    void parse_bare_word(Argument& argument) {
        const std::string word = take_word();
        if (word.empty())
            refuse(at_, at_ < text_.size() ? "unexpected character" : "the type ends too early");
        argument.kind = Argument::Kind::word;
        argument.text = word;
        if (word == "default") argument.kind = Argument::Kind::any_value;
        if (word != "true" && word != "false") return;
        argument.kind = Argument::Kind::boolean;
        argument.boolean = word == "true";
    }

    void parse_number(Argument& argument) {
        const std::size_t begin = text_[at_] == '+' ? at_ + 1 : at_;
        const std::size_t end =
            std::min(text_.find_first_not_of("+-.0123456789eEabcdfABCDFxX_", at_), text_.size());
        const std::string_view number = text_.substr(begin, end - begin);
        const auto [rest, error] =
            std::from_chars(number.data(), number.data() + number.size(), argument.integer);
        const auto [float_rest, float_error] =
            std::from_chars(number.data(), number.data() + number.size(), argument.floating);
        const char* const all = number.data() + number.size();
        if (error == std::errc() && rest == all) {
            argument.kind = Argument::Kind::integer;
        } else if (float_error == std::errc() && float_rest == all) {
            argument.kind = Argument::Kind::floating;
        } else {
            refuse(at_, "'" + std::string(number) + "' is not a number that fits");
        }
        at_ = end;
    }

    std::string parse_text() {
        const char quote = text_[at_];
        std::string value;
        for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
            const bool is_escape = text_[at_] == '\\' && at_ + 1 < text_.size() &&
                                   (text_[at_ + 1] == quote || text_[at_ + 1] == '\\');
            if (is_escape) ++at_;
            value += text_[at_];
        }
        if (at_ == text_.size()) refuse(at_, "a text has no end");
        ++at_;
        return value;
    }

    /// Up to a slash that no backslash stands before; that one goes, since RE2 needs none.
    std::string parse_regex() {
        std::string pattern;
        for (++at_; at_ < text_.size() && text_[at_] != '/'; ++at_) {
            const bool is_escape = text_[at_] == '\\' && at_ + 1 < text_.size();
            if (is_escape && text_[at_ + 1] != '/') pattern += text_[at_];
            if (is_escape) ++at_;
            pattern += text_[at_];
        }
        if (at_ == text_.size()) refuse(at_, "a pattern has no end");
        ++at_;
        return pattern;
    }

    std::vector<PuppetMember> parse_members() {
        std::vector<PuppetMember> members;
        expect("{");
        while (!take("}")) {
            if (!members.empty()) {
                expect(",");
                if (take("}")) break;
            }
            members.push_back(parse_member());
        }
        return members;
    }

    /// KEY => Type, Optional[KEY] => Type, NotUndef[KEY] => Type.
    PuppetMember parse_member() {
        const bool is_optional = take("Optional[");
        const bool is_needed = !is_optional && take("NotUndef[");
        const char next = peek();
        PuppetMember member{next == '\'' || next == '"' ? parse_text() : take_word(), is_optional, {}};
        if (member.key.empty()) refuse(at_, "expected the name of a member");
        if (is_optional || is_needed) expect("]");
        expect("=>");
        member.type = parse_type();
        if (!is_needed && !is_optional) member.may_be_absent = accepts(member.type, Json());
        return member;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

}  // namespace

Result<Node> parse_puppet_type(std::string_view text) {
    const auto error = [&](const std::string& message) {
        return Error{ErrorCode::usage,
                     quote_bytes(text) + " is no type of Puppet that can be checked: " + message,
                     {}};
    };
    if (text.size() > k_max_bytes) return error("it has more than " + std::to_string(k_max_bytes) + " bytes");
    try {
        return Parser(text).parse();
    } catch (const Refusal& refusal) {
        return error(refusal.message + " (at " + std::to_string(refusal.offset + 1) + ")");
    }
}

}  // namespace hocket::ddl
