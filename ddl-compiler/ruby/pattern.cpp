#include "ddl-compiler/ruby/pattern.h"

#include <algorithm>

namespace hocket::ddl_compiler::ruby {

namespace {

constexpr std::string_view k_blanks = " \t\n\r\f\v";

Error refusal(std::string message) {
    return Error{ErrorCode::usage, std::move(message), {}};
}

bool has_flag(std::string_view flags, char flag) {
    return flags.find(flag) != std::string_view::npos;
}

/// The flags as RE2 has them.
std::string re2_flags(std::string_view flags) {
    std::string words;
    if (has_flag(flags, 'i')) words += 'i';
    if (has_flag(flags, 'm')) words += 's';
    return words;
}

class PatternReader {
public:
    PatternReader(std::string_view source, std::string_view flags)
        : source_(source), is_extended_(has_flag(flags, 'x')) {
        const std::string words = re2_flags(flags);
        if (!words.empty()) pattern_.text = "(?" + words + ")";
    }

    Result<Pattern> run() {
        while (at_ < source_.size() && refusal_.empty())
            read_one();
        if (!refusal_.empty()) return refusal(refusal_);
        return std::move(pattern_);
    }

private:
    char peek(std::size_t ahead = 0) const {
        return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
    }
    std::string_view rest() const { return source_.substr(at_); }

    void copy(std::size_t bytes) {
        const std::string_view copied = source_.substr(at_, bytes);
        pattern_.text += copied;
        at_ += copied.size();
    }

    void read_one() {
        const char byte = peek();
        if (byte == '\\') return read_escape();
        if (byte == '[') return read_class();
        if (rest().starts_with("(?")) return read_group();
        if (byte == '{') return read_count();
        if (is_extended_ && byte == '#') return skip_behind("\n");
        if (is_extended_ && k_blanks.find(byte) != std::string_view::npos) {
            ++at_;
            return;
        }
        pattern_.has_line_start = pattern_.has_line_start || byte == '^';
        pattern_.has_line_end = pattern_.has_line_end || byte == '$';
        copy(1);
    }

    /// `\uXXXX` and `\u{X…}` are RE2's `\x{…}`; all others are the same, or RE2 refuses them.
    void read_escape() {
        if (peek(1) != 'u') return copy(2);
        const bool is_braced = peek(2) == '{';
        const std::size_t begin = at_ + (is_braced ? 3 : 2);
        const std::size_t end =
            std::min(source_.find_first_not_of("0123456789abcdefABCDEF", begin), source_.size());
        const std::size_t digits = end - begin;
        if (is_braced ? digits == 0 || digits > 6 || source_.substr(end, 1) != "}" : digits < 4)
            return copy(2);
        pattern_.text += "\\x{" + std::string(source_.substr(begin, is_braced ? digits : 4)) + "}";
        at_ = is_braced ? end + 1 : begin + 4;
    }

    void skip_behind(std::string_view end) {
        at_ = std::min(source_.find(end, at_), source_.size() - end.size()) + end.size();
    }

    void read_class() {
        copy(peek(1) == '^' ? 2 : 1);
        if (peek() == ']') copy(1);
        while (at_ < source_.size() && peek() != ']') {
            if (peek() == '\\') {
                read_escape();
            } else if (rest().starts_with("[:")) {
                copy(std::min(source_.find(":]", at_), source_.size()) + 2 - at_);
            } else if (peek() == '[') {
                refusal_ = "a class inside of a class is not in RE2: write one class";
                return;
            } else if (rest().starts_with("&&")) {
                refusal_ = "`&&` in a class is not in RE2: write the characters out";
                return;
            } else {
                copy(1);
            }
        }
        copy(1);
    }

    /// `{,3}` is text in RE2.
    void read_count() {
        const std::size_t digits_end = source_.find_first_not_of("0123456789", at_ + 2);
        const bool is_open = peek(1) == ',' && digits_end != std::string_view::npos && digits_end > at_ + 2 &&
                             source_[digits_end] == '}';
        copy(1);
        if (is_open) pattern_.text += '0';
    }

    /// What begins with `(?`.
    void read_group() {
        if (peek(2) == '#') return skip_behind(")");
        if (peek(2) == '<' && peek(3) != '=' && peek(3) != '!') {
            pattern_.text += "(?P<";
            at_ += 4 - 1;
            return;
        }
        const std::size_t end = source_.find_first_not_of("imxa-", at_ + 2);
        const bool has_flags =
            end != std::string_view::npos && end > at_ + 2 && (source_[end] == ':' || source_[end] == ')');
        if (!has_flags) return copy(2);
        write_flags(source_.substr(at_ + 2, end - at_ - 2), source_[end]);
        at_ = end + 1;
    }

    /// `(?mi-x:` or `(?mi-x)`
    void write_flags(std::string_view flags, char end) {
        const std::size_t minus = std::min(flags.find('-'), flags.size());
        const std::string_view on = flags.substr(0, minus);
        const std::string_view off = flags.substr(minus);
        if (has_flag(on, 'x') || (has_flag(off, 'x') && is_extended_)) {
            refusal_ = "the flag x of a part of a pattern is not read here";
            return;
        }
        std::string words = re2_flags(on);
        if (const std::string without = re2_flags(off); !without.empty()) words += "-" + without;
        if (!words.empty() || end == ':') pattern_.text += "(?" + words + end;
    }

    std::string_view source_;
    bool is_extended_;
    Pattern pattern_;
    std::size_t at_ = 0;
    std::string refusal_;
};

}  // namespace

Result<Pattern> read_pattern(std::string_view source, std::string_view flags) {
    return PatternReader(source, flags).run();
}

}  // namespace hocket::ddl_compiler::ruby
