#include "ddl-compiler/back_ends/portable_list.h"

#include <algorithm>

#include "ddl-compiler/back_ends/character_class.h"
#include "ddl-compiler/back_ends/portable_pattern.h"
#include "ddl-compiler/back_ends/portable_validator.h"

namespace hocket::ddl_compiler {

namespace {

constexpr std::string_view k_any = "[\\s\\S]";
constexpr std::string_view k_word_or_newline =
    "\nabcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

std::string literal(std::string_view text) {
    std::string pattern;
    while (!text.empty())
        pattern += escape_literal(take_code_point(text));
    return pattern;
}

/// Whether an end of the text is also its start, as of "aa": then it is found where it does not separate.
bool overlaps_itself(std::string_view text) {
    for (std::size_t size = 1; size < text.size(); ++size) {
        if (text.starts_with(text.substr(text.size() - size))) return true;
    }
    return false;
}

/// Turns a pattern about a whole text into one about an item of a list. No separator begins inside of an item, so every
/// character that is taken is one at which none begins, and the item ends where there is no such character. The pattern is of
/// portable_pattern()'s language, of which the rest is left as it is.
class ItemPattern {
public:
    ItemPattern(std::string_view pattern, const std::string& separator)
        : rest_(pattern),
          separator_(separator),
          guard_("(?!" + literal(separator) + ")"),
          start_("(?:^|(?<=" + literal(separator) + "))") {}

    /// Nothing for a pattern that looks back, and cannot tell a separator from an item there.
    std::optional<std::string> run() {
        while (!rest_.empty() && is_possible_)
            translate_one();
        return is_possible_ ? std::optional(text_) : std::nullopt;
    }

private:
    void translate_one() {
        if (rest_.starts_with("(?<")) return look_behind();
        if (rest_.front() == '^') {
            text_ += start_;
            return rest_.remove_prefix(1);
        }
        if (rest_.front() == '(') return copy(rest_.starts_with("(?") ? 3 : 1);
        if (rest_.front() == '{') return copy(rest_.find('}') + 1);
        if (std::string_view(")|*+?").find(rest_.front()) != std::string_view::npos) return copy(1);
        text_ += "(?:" + guard_ + std::string(take_character()) + ")";
    }

    void copy(std::size_t bytes) {
        text_ += rest_.substr(0, bytes);
        rest_.remove_prefix(std::min(bytes, rest_.size()));
    }

    /// Copied, if what it looks for is never the end of a separator.
    void look_behind() {
        const std::size_t begin = std::string_view("(?<=").size();
        std::string_view inside = rest_.substr(begin);
        const std::string_view before = rest_;
        rest_ = inside;
        while (!rest_.starts_with(')'))
            static_cast<void>(take_character());
        inside = inside.substr(0, inside.size() - rest_.size());
        const bool has_class = inside.find_first_of("[\\") != std::string_view::npos;
        const char last = separator_.back();
        is_possible_ = inside.find(last) == std::string_view::npos &&
                       !(has_class && k_word_or_newline.find(last) != std::string_view::npos);
        rest_ = before;
        copy(begin + inside.size() + 1);
    }

    /// A class, an escape or a character.
    std::string_view take_character() {
        const std::string_view before = rest_;
        if (rest_.front() == '[') {
            while (rest_.front() != ']')
                rest_.remove_prefix(rest_.front() == '\\' ? 2 : 1);
            rest_.remove_prefix(1);
        } else if (rest_.front() == '\\') {
            rest_.remove_prefix(1);
            take_escaped();
        } else {
            static_cast<void>(take_code_point(rest_));
        }
        return before.substr(0, before.size() - rest_.size());
    }

    void take_escaped() {
        const std::size_t digits = rest_.starts_with('x') ? 3 : (rest_.starts_with('u') ? 5 : 0);
        if (digits != 0) return rest_.remove_prefix(digits);
        static_cast<void>(take_code_point(rest_));
    }

    std::string_view rest_;
    const std::string& separator_;
    const std::string guard_;
    const std::string start_;
    std::string text_;
    bool is_possible_ = true;
};

std::string count(std::size_t minimum, std::size_t maximum) {
    return "{" + std::to_string(minimum) + "," + (maximum == 0 ? "" : std::to_string(maximum)) + "}";
}

/// What each item must match, from its start.
PortableRule item_rule(const ddl::Validation& item) {
    if (item.declared() == nullptr) {
        const std::optional<std::string> pattern = portable_validator(item.text());
        return pattern ? PortableRule{{*pattern}, {}} : PortableRule{{}, {item.text()}};
    }
    PortableRule rule = portable_rule(*item.declared());
    const ddl::ValidatorRule& declared = item.declared()->rule();
    if (declared.min_length != 0 || declared.max_length != 0)
        rule.patterns.push_back("^" + std::string(k_any) + count(declared.min_length, declared.max_length) +
                                std::string(k_text_end));
    return rule;
}

void add_items(PortableRule& rule, const ddl::DeclaredValidator& validator) {
    const ddl::ValidatorRule& declared = validator.rule();
    const std::string& separator = declared.separator;
    if (overlaps_itself(separator)) {
        rule.left_out.emplace_back("its items, since their separator overlaps itself");
        return;
    }
    PortableRule item = item_rule(validator.item());
    std::string part;
    for (const std::string& pattern : item.patterns) {
        if (const std::optional<std::string> framed = ItemPattern(pattern, separator).run()) {
            part += "(?=" + *framed + ")";
        } else {
            item.left_out.push_back(pattern);
        }
    }
    for (const std::string& text : item.left_out)
        rule.left_out.push_back("of its items " + text);
    const std::string between = literal(separator);
    part += "(?:(?!" + between + ")" + std::string(k_any) + ")*";
    const std::size_t fewest = std::max<std::size_t>(declared.min_items, 1) - 1;
    std::string more = "{" + std::to_string(fewest) + ",";
    if (declared.max_items != 0) more += std::to_string(declared.max_items - 1);
    rule.patterns.push_back("^" + part + "(?:" + between + part + ")" + more + "}" + std::string(k_text_end));
}

}  // namespace

PortableRule portable_rule(const ddl::DeclaredValidator& validator) {
    PortableRule rule;
    for (const std::string& re2 : validator.patterns()) {
        if (std::optional<std::string> pattern = portable_pattern(re2)) {
            rule.patterns.push_back(std::move(*pattern));
        } else {
            rule.left_out.push_back(re2);
        }
    }
    if (!validator.rule().separator.empty()) add_items(rule, validator);
    return rule;
}

}  // namespace hocket::ddl_compiler
