#include <algorithm>
#include <charconv>
#include <map>

#include "core/base/ascii.h"
#include "core/base/text.h"
#include "core/ddl/diagnostic.h"
#include "core/ddl/puppet_argument.h"

namespace hocket::ddl {

namespace {

using Node = PuppetType::Node;

constexpr std::size_t k_max_bytes = 8U << 10U;
constexpr int k_max_depth = 32;

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

std::vector<std::string> names() {
    std::vector<std::string> all = puppet_type_names();
    for (const auto& [name, text] : aliases())
        all.emplace_back(name);
    return all;
}

bool is_word_character(char character) {
    return is_letter_or_digit(character) || character == '_';
}

class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    Node parse() {
        Node type = parse_type();
        skip_blanks();
        if (at_ < text_.size()) refuse_puppet_type(at_, "there is more behind the type");
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
        if (!take(token)) refuse_puppet_type(at_, "expected '" + std::string(token) + "'");
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
            refuse_puppet_type(offset, "expected a type, such as String or Optional[Integer]");
        if (++depth_ > k_max_depth)
            refuse_puppet_type(offset, "types are nested more than " + std::to_string(k_max_depth) + " deep");
        std::vector<PuppetArgument> arguments;
        const bool has_arguments = take("[");
        if (has_arguments) arguments = parse_arguments();
        --depth_;
        const auto alias = aliases().find(name);
        if (alias != aliases().end() && !has_arguments) return Parser(alias->second).parse();
        if (is_puppet_type(name)) {
            if (has_arguments && arguments.empty())
                refuse_puppet_type(offset, name + " has nothing between its brackets");
            return make_puppet_type(name, offset, std::move(arguments));
        }
        const std::string meant = did_you_mean(name, names());
        refuse_puppet_type(offset,
                           "the type " + name + " is not known here" + (meant.empty() ? "" : "; " + meant));
    }

    std::vector<PuppetArgument> parse_arguments() {
        std::vector<PuppetArgument> arguments;
        while (!take("]")) {
            if (!arguments.empty()) {
                expect(",");
                if (take("]")) break;  // a comma may be the last
            }
            arguments.push_back(parse_argument());
        }
        return arguments;
    }

    PuppetArgument parse_argument() {
        const char next = peek();
        PuppetArgument argument;
        argument.offset = at_;
        if (next == '\'' || next == '"') {
            argument.kind = PuppetArgument::Kind::text;
            argument.text = parse_text();
        } else if (next == '/') {
            argument.kind = PuppetArgument::Kind::regex;
            argument.text = parse_regex();
        } else if (next == '{') {
            argument.kind = PuppetArgument::Kind::members;
            argument.members = parse_members();
        } else if (next == '-' || next == '+' || is_digit(next)) {
            parse_number(argument);
        } else if (next >= 'A' && next <= 'Z') {
            argument.type.push_back(parse_type());
        } else {
            parse_bare_word(argument);
        }
        return argument;
    }

    void parse_bare_word(PuppetArgument& argument) {
        const std::string word = take_word();
        if (word.empty())
            refuse_puppet_type(at_, at_ < text_.size() ? "unexpected character" : "the type ends too early");
        argument.kind = PuppetArgument::Kind::word;
        argument.text = word;
        if (word == "default") argument.kind = PuppetArgument::Kind::any_value;
        if (word != "true" && word != "false") return;
        argument.kind = PuppetArgument::Kind::boolean;
        argument.boolean = word == "true";
    }

    void parse_number(PuppetArgument& argument) {
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
            argument.kind = PuppetArgument::Kind::integer;
        } else if (float_error == std::errc() && float_rest == all) {
            argument.kind = PuppetArgument::Kind::floating;
        } else {
            refuse_puppet_type(at_, "'" + std::string(number) + "' is not a number that fits");
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
        if (at_ == text_.size()) refuse_puppet_type(at_, "a text has no end");
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
        if (at_ == text_.size()) refuse_puppet_type(at_, "a pattern has no end");
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
        if (member.key.empty()) refuse_puppet_type(at_, "expected the name of a member");
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
    } catch (const PuppetRefusal& refusal) {
        return error(refusal.message + " (at " + std::to_string(refusal.offset + 1) + ")");
    }
}

}  // namespace hocket::ddl
