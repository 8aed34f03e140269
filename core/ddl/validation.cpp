#include "core/ddl/validation.h"

#include <algorithm>
#include <arpa/inet.h>

#include "core/base/text.h"

namespace hocket::ddl {

namespace {

constexpr std::string_view k_shell_characters = "`$;|&<>'\"\\()";

bool is_control(unsigned char byte) {
    return byte < 0x20 || byte == 0x7F;
}

bool is_shellsafe(std::string_view value) {
    const bool ascii_safe = std::none_of(value.begin(), value.end(), [](char character) {
        return is_control(static_cast<unsigned char>(character)) ||
               k_shell_characters.find(character) != std::string_view::npos;
    });
    // The C1 controls, U+0080 to U+009F, are C2 80 to C2 9F in UTF-8.
    static const Regex c1_control = Regex::compile("[\\x{80}-\\x{9f}]").value();
    return ascii_safe && !c1_control.search(value);
}

bool is_address(int family, std::string_view value) {
    // inet_pton reads up to a NUL: what stands after one would go unseen.
    if (value.find('\0') != std::string_view::npos) return false;
    in6_addr address{};
    return inet_pton(family, std::string(value).c_str(), &address) == 1;
}

bool is_fqdn(std::string_view value) {
    static const Regex labels =
        Regex::compile(
            "([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
            .value();
    static const Regex numeric_end = Regex::compile("(^|\\.)[0-9]+$").value();
    return value.size() <= 253 && labels.full_match(value) && !numeric_end.search(value);
}

Validator named_validator(std::string_view text) {
    for (const auto& [validator, name] : k_named_validators) {
        if (name == text) return validator;
    }
    return Validator::regex;
}

struct ForeignFeature {
    std::string_view start;
    std::string_view advice;
};

// The longer starts come first.
constexpr std::array k_foreign_groups = {
    ForeignFeature{"(?<=", "look-behind is not in RE2: check the text before it in the agent"},
    ForeignFeature{"(?<!", "look-behind is not in RE2: check the text before it in the agent"},
    ForeignFeature{"(?=", "look-ahead is not in RE2: write the alternatives out, or check in the agent"},
    ForeignFeature{"(?!", "look-ahead is not in RE2: write the alternatives out, or check in the agent"},
    ForeignFeature{"(?>", "atomic groups are not in RE2 and not needed: write (?:…)"},
    ForeignFeature{"(?#", "comments in a pattern are not in RE2: leave them out"},
    ForeignFeature{"(?<", "named groups are (?P<name>…) in RE2"},
};

constexpr std::array k_foreign_escapes = {
    ForeignFeature{"\\h", "\\h is not in RE2: write [0-9A-Fa-f] (Ruby) or [ \\t] (PCRE)"},
    ForeignFeature{"\\Z", "\\Z is not in RE2: write \\z, the end of the text"},
    ForeignFeature{"\\G", "\\G is not in RE2: write \\A, the start of the text"},
    ForeignFeature{"\\R", "\\R is not in RE2: write \\r?\\n"},
    ForeignFeature{"\\k", "back-references are not in RE2: compare in the agent"},
};

constexpr std::array<std::string_view, 8> k_posix_properties = {"Alnum", "Alpha", "Digit", "Lower",
                                                                "Punct", "Space", "Upper", "Word"};
constexpr std::string_view k_posix_property =
    "\\p{…} takes categories and scripts alone in RE2: write [[:alpha:]] and so on";
constexpr std::string_view k_back_reference = "back-references are not in RE2: compare in the agent";
constexpr std::string_view k_possessive =
    "possessive quantifiers are not in RE2 and not needed: leave the last + out";

template <std::size_t N>
std::string_view advice_for(const std::array<ForeignFeature, N>& features, std::string_view rest) {
    for (const ForeignFeature& feature : features) {
        if (rest.starts_with(feature.start)) return feature.advice;
    }
    return {};
}

std::string_view escape_advice(std::string_view rest) {
    if (rest.size() > 1 && rest[1] >= '1' && rest[1] <= '9') return k_back_reference;
    if (rest.starts_with("\\p{") || rest.starts_with("\\P{")) {
        const std::string_view name = rest.substr(3, rest.find('}') - 3);
        const bool is_posix =
            std::find(k_posix_properties.begin(), k_posix_properties.end(), name) != k_posix_properties.end();
        return is_posix ? k_posix_property : std::string_view();
    }
    return advice_for(k_foreign_escapes, rest);
}

bool is_possessive(std::string_view rest) {
    return rest.size() > 1 && rest[1] == '+' &&
           std::string_view("*+?").find(rest[0]) != std::string_view::npos;
}

}  // namespace

Result<Validation> Validation::compile(std::string_view text) {
    Validation validation;
    if (text.empty()) return validation;
    validation.text_ = text;
    validation.validator_ = named_validator(text);
    if (validation.validator_ != Validator::regex) return validation;
    Result<Regex> regex = Regex::compile(text);
    if (!regex) return regex.error();
    validation.regex_ = std::move(*regex);
    return validation;
}

bool Validation::accepts(std::string_view value) const {
    switch (validator_) {
        case Validator::none: return true;
        case Validator::shellsafe: return is_shellsafe(value);
        case Validator::ipv4address: return is_address(AF_INET, value);
        case Validator::ipv6address: return is_address(AF_INET6, value);
        case Validator::ipaddress: return is_address(AF_INET, value) || is_address(AF_INET6, value);
        case Validator::fqdn: return is_fqdn(value);
        case Validator::regex: return regex_->search(value);
    }
    return false;
}

std::string Validation::describe() const {
    switch (validator_) {
        case Validator::none: return "any text";
        case Validator::shellsafe:
            return "text without control characters and " + std::string(k_shell_characters);
        case Validator::ipv4address: return "an IPv4 address";
        case Validator::ipv6address: return "an IPv6 address";
        case Validator::ipaddress: return "an IPv4 or IPv6 address";
        case Validator::fqdn: return "a host name";
        case Validator::regex: return "text that matches " + text_;
    }
    return {};
}

std::string_view foreign_regex_feature(std::string_view pattern) {
    bool in_class = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const std::string_view rest = pattern.substr(i);
        if (rest.front() == '\\') {
            const std::string_view advice = escape_advice(rest);
            if (!advice.empty()) return advice;
            ++i;
        } else if (in_class) {
            in_class = rest.front() != ']';
        } else if (rest.front() == '[') {
            in_class = true;
            if (rest.starts_with("[]") || rest.starts_with("[^]")) i += rest[1] == '^' ? 2U : 1U;
        } else if (is_possessive(rest)) {
            return k_possessive;
        } else if (const std::string_view advice = advice_for(k_foreign_groups, rest); !advice.empty()) {
            return advice;
        }
    }
    return {};
}

}  // namespace hocket::ddl
