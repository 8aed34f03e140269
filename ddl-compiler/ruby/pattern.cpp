#include "ddl-compiler/ruby/pattern.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/ascii.h"
#include "ddl-compiler/ruby/refusal.h"

namespace hocket::ddl_compiler::ruby {

namespace {

constexpr std::string_view k_blanks = " \t\n\r\f\v";

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
        close_flags();
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

    void replace(std::string_view read, std::string_view written) {
        pattern_.text += written;
        at_ += read.size();
    }

    void read_one() {
        const char byte = peek();
        if (byte == '\\') return read_escape();
        if (byte == '[') return read_class();
        if (rest().starts_with("(?")) return read_group();
        if (byte == '{') return read_count();
        if (byte == '(') open_.push_back(0);
        if (byte == ')') {
            close_flags();
            if (open_.size() > 1) open_.pop_back();
        }
        if (is_extended_ && byte == '#') return skip_behind("\n");
        if (is_extended_ && k_blanks.find(byte) != std::string_view::npos) {
            ++at_;
            return;
        }
        pattern_.has_line_start = pattern_.has_line_start || byte == '^';
        pattern_.has_line_end = pattern_.has_line_end || byte == '$';
        copy(1);
    }

    /// The groups that isolated flags have opened in the innermost group.
    void close_flags() { pattern_.text.append(std::exchange(open_.back(), 0), ')'); }

    /// `\uXXXX` and `\u{X…}` are RE2's `\x{…}`; all others are the same, or RE2 refuses them.
    void read_escape() {
        const bool is_re2 = std::string_view("QEC").find(peek(1)) != std::string_view::npos ||
                            (peek(1) == 'x' && peek(2) == '{') ||
                            ((peek(1) == 'p' || peek(1) == 'P') && peek(2) != '{');
        if (is_re2) {
            refusal_ = std::string("`\\") + peek(1) + "` means something else in Ruby, or nothing";
            return;
        }
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
            } else if (const std::size_t named = size_of_named_class(); named != 0) {
                copy(named);
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

    /// `[:alpha:]`; 0 when it is none.
    std::size_t size_of_named_class() const {
        if (!rest().starts_with("[:")) return 0;
        const std::size_t begin = at_ + (peek(2) == '^' ? 3 : 2);
        const std::size_t end = source_.find_first_not_of("abcdefghijklmnopqrstuvwxyz", begin);
        const bool is_named = end != std::string_view::npos && source_.substr(end).starts_with(":]");
        return is_named ? end + 2 - at_ : 0;
    }

    /// `{,3}` is text in RE2. Behind `{3}` a `?` makes the whole optional in Ruby.
    void read_count() {
        const std::size_t digits_end = source_.find_first_not_of("0123456789", at_ + 2);
        const bool is_open = peek(1) == ',' && digits_end != std::string_view::npos && digits_end > at_ + 2 &&
                             source_[digits_end] == '}';
        const std::size_t fixed_end = source_.find_first_not_of("0123456789", at_ + 1);
        if (fixed_end != std::string_view::npos && fixed_end > at_ + 1 &&
            source_.substr(fixed_end).starts_with("}?")) {
            refusal_ = "`{…}?` is a count or nothing in Ruby: write (?:…{3})?";
            return;
        }
        copy(1);
        if (is_open) pattern_.text += '0';
    }

    /// What begins with `(?`.
    void read_group() {
        if (peek(2) == '#') return skip_comment();
        if (rest().starts_with(k_line_start)) return replace(k_line_start, "(?m:^)");
        if (rest().starts_with(k_line_end)) return replace(k_line_end, "(?m:$)");
        const std::size_t end = source_.find_first_not_of("imxa-", at_ + 2);
        const bool has_flags =
            end != std::string_view::npos && end > at_ + 2 && (source_[end] == ':' || source_[end] == ')');
        if (has_flags) {
            write_flags(source_.substr(at_ + 2, end - at_ - 2), source_[end]);
            at_ = end + 1;
            return;
        }
        if (end != std::string_view::npos && is_letter(source_[end])) {
            refusal_ = "`(?" + std::string(source_.substr(at_ + 2, end - at_ - 1)) + "` is not in Ruby";
            return;
        }
        open_.push_back(0);
        if (peek(2) != '<' || peek(3) == '=' || peek(3) == '!') return copy(2);
        pattern_.text += "(?P<";
        at_ += 4 - 1;
    }

    /// `(?#…)`, in which an escape stands for its character.
    void skip_comment() {
        while (at_ < source_.size() && peek() != ')')
            at_ += peek() == '\\' ? 2U : 1U;
        at_ = std::min(at_ + 1, source_.size());
    }

    /// `(?mi-x:` or `(?mi-x)`. The latter holds to the end of the group around it and takes its alternatives along, as if it
    /// were a group itself.
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
        const bool is_isolated = end == ')';
        if (is_isolated && words.empty()) return;
        const bool is_at_start = is_isolated && pattern_.text.empty();
        pattern_.text += "(?" + words + (is_at_start ? ")" : ":");
        if (is_isolated && !is_at_start) ++open_.back();
        if (!is_isolated) open_.push_back(0);
    }

    std::string_view source_;
    bool is_extended_;
    Pattern pattern_;
    std::size_t at_ = 0;
    std::vector<std::size_t> open_ = {
        0};  ///< for each group around, and the whole: what close_flags() closes
    std::string refusal_;
};

}  // namespace

Result<Pattern> read_pattern(std::string_view source, std::string_view flags) {
    return PatternReader(source, flags).run();
}

}  // namespace hocket::ddl_compiler::ruby
