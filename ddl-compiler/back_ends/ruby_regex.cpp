#include "ddl-compiler/back_ends/ruby_regex.h"

#include <charconv>
#include <cstdint>
#include <vector>

#include "core/base/ascii.h"
#include "core/base/regex.h"
#include "core/base/text.h"
#include "ddl-compiler/ruby/pattern.h"

namespace hocket::ddl_compiler {

namespace {

// RE2's \s; Ruby's has the vertical tab too.
constexpr std::string_view k_space = "\\t\\n\\f\\r ";

constexpr std::string_view k_special = "\\^$.|?*+()[]{}/#";
constexpr std::string_view k_special_in_class = "\\^[]&/#-";

constexpr std::string_view k_nothing = "\\Q\\E";  // what is behind it repeats what is before it

struct Flags {
    bool ignores_case = false;
    bool dot_takes_newline = false;
    bool anchors_are_of_lines = false;
};

std::string code_point(std::uint32_t value) {
    char digits[9] = {};
    const char* const end = std::to_chars(digits, digits + sizeof digits, value, 16).ptr;
    const std::string hex(static_cast<const char*>(digits), end);
    if (value < 0x80) return "\\x" + std::string(2 - hex.size(), '0') + hex;
    return "\\u{" + hex + "}";
}

std::uint32_t number(std::string_view digits, int base) {
    std::uint32_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    return value;
}

/// The options that turn the flags of a group into others; nothing for none.
std::string options(const Flags& from, const Flags& to) {
    std::string on;
    std::string off;
    if (from.ignores_case != to.ignores_case) (to.ignores_case ? on : off) += "i";
    if (from.dot_takes_newline != to.dot_takes_newline) (to.dot_takes_newline ? on : off) += "m";
    return on + (off.empty() ? "" : "-" + off);
}

class Translation {
public:
    explicit Translation(std::string_view pattern) : rest_(pattern) {}

    std::string run() {
        read_leading_flags();
        const std::string suffix = options({}, current());
        while (!rest_.empty())
            step();
        close_option();
        return "/" + std::string(needs_ascii_ ? "(?a)" : "") + written_ + "/" + suffix;
    }

private:
    struct Group {
        Flags at_start;        ///< that the group has in the written pattern
        Flags flags;           ///< that hold now
        std::string option;    ///< of a group of ours that is open inside of it, because flags have changed
        std::size_t item = 0;  ///< where in the written pattern what a repetition would repeat begins
    };

    Group& group() { return groups_.back(); }
    const Flags& current() { return group().flags; }

    std::string_view take(std::size_t count) {
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(taken.size());
        return taken;
    }
    bool take_if(std::string_view start) {
        if (!rest_.starts_with(start)) return false;
        rest_.remove_prefix(start.size());
        return true;
    }
    /// A character of UTF-8.
    std::string_view take_character() {
        std::size_t length = 1;
        while (length < rest_.size() && (static_cast<unsigned char>(rest_[length]) & 0xC0U) == 0x80U)
            ++length;
        return take(length);
    }

    void step();
    void open_group();
    std::string named_group();
    void close_group();
    void close_option();
    void alternative();
    void read_leading_flags();
    Flags read_flags(Flags flags);
    void set_flags(Flags flags);
    bool sets_flags() const;

    void anchor(std::string_view text);
    void begin_item();
    bool repetition();
    bool is_repetition() const;
    std::string_view bounds() const;
    void escape();
    void literal_run();

    void character_class();
    void class_item();
    bool posix_class();
    std::string class_character();
    std::string literal(std::string_view character, std::string_view special) const;
    std::string property(char kind);
    std::string code_escape(char kind, std::string_view special);

    std::string_view rest_;
    std::string written_;
    std::vector<Group> groups_{1};
    bool is_repeated_ = false;  ///< the last item
    bool needs_ascii_ = false;  ///< Ruby's own rules for \b and [[:alpha:]] are those of Unicode
};

void Translation::step() {
    if (take_if(k_nothing)) return;
    if (repetition()) return;
    if (!sets_flags()) begin_item();
    if (rest_.starts_with("(")) return open_group();
    if (rest_.starts_with("[")) return character_class();
    if (take_if(")")) return close_group();
    if (take_if("|")) return alternative();
    if (take_if("^")) return anchor(current().anchors_are_of_lines ? ruby::k_line_start : "\\A");
    if (take_if("$")) return anchor(current().anchors_are_of_lines ? ruby::k_line_end : "\\z");
    if (take_if("\\Q")) return literal_run();
    if (take_if("\\")) return escape();
    if (take_if(".")) {
        written_ += ".";
        return;
    }
    written_ += literal(take_character(), k_special);
}

// ---- groups and flags ---------------------------------------------------------------------------------------------------

/// Whether flags come that hold for what follows.
bool Translation::sets_flags() const {
    static const Regex setting = Regex::compile("^\\(\\?[imsU-]+\\)").value();
    return setting.search(rest_);
}

void Translation::read_leading_flags() {
    while (sets_flags()) {
        take(2);
        group().flags = group().at_start = read_flags(current());
        take(1);
    }
}

/// Up to the `)` or `:` behind them.
Flags Translation::read_flags(Flags flags) {
    bool value = true;
    for (; !rest_.starts_with(")") && !rest_.starts_with(":"); take(1)) {
        if (rest_.front() == '-') value = false;
        if (rest_.front() == 'i') flags.ignores_case = value;
        if (rest_.front() == 's') flags.dot_takes_newline = value;
        if (rest_.front() == 'm') flags.anchors_are_of_lines = value;
    }
    return flags;
}

void Translation::open_group() {
    take(1);
    Flags flags = current();
    if (take_if("?P<") || take_if("?<")) {
        written_ += named_group();
    } else if (take_if("?")) {
        flags = read_flags(flags);
        if (take(1) == ")") return set_flags(flags);
        written_ += "(?" + options(current(), flags) + ":";
    } else {
        written_ += "(";
    }
    groups_.push_back({flags, flags, {}});
}

/// Ruby wants a letter at the start of a name.
std::string Translation::named_group() {
    const std::string name(take(rest_.find('>')));
    take(1);
    const bool is_name = !is_digit(name.front());
    return is_name ? "(?<" + name + ">" : "(";
}

void Translation::close_group() {
    close_option();
    groups_.pop_back();
    written_ += ")";
}

/// Flags in the middle hold up to the end of the group in RE2, and in Ruby make a group of all alternatives that follow.
void Translation::set_flags(Flags flags) {
    while (sets_flags() || rest_.starts_with(k_nothing)) {
        if (take_if(k_nothing)) continue;
        take(2);
        flags = read_flags(flags);
        take(1);
    }
    repetition();  // of what stands before the flags
    close_option();
    group().flags = flags;
    const std::string changed = options(group().at_start, flags);
    if (changed.empty()) return;
    group().option = "(?" + changed + ":";
    written_ += group().option;
}

void Translation::close_option() {
    if (!group().option.empty()) written_ += ")";
    group().option.clear();
}

void Translation::alternative() {
    const std::string option = group().option;
    written_ += option.empty() ? "|" : ")|" + option;
}

// ---- characters ---------------------------------------------------------------------------------------------------------

/// `{3}`, `{3,}` or `{3,5}` at the start of what follows.
std::string_view Translation::bounds() const {
    static const Regex regex = Regex::compile("\\{[0-9]+(,[0-9]*)?\\}").value();
    const std::size_t end = rest_.find('}');
    if (!rest_.starts_with("{") || end == std::string_view::npos) return {};
    const std::string_view text = rest_.substr(0, end + 1);
    return regex.full_match(text) ? text : std::string_view();
}

bool Translation::is_repetition() const {
    const bool is_operator =
        !rest_.empty() && std::string_view("*+?").find(rest_.front()) != std::string_view::npos;
    return is_operator || !bounds().empty();
}

void Translation::begin_item() {
    group().item = written_.size();
    is_repeated_ = false;
}

bool Translation::repetition() {
    if (!is_repetition()) return false;
    if (is_repeated_) {  // with flags in between; Ruby takes a+*, a possessive one, for something else
        written_.insert(group().item, "(?:");
        written_ += ")";
    }
    is_repeated_ = true;
    const std::string_view operator_ = bounds().empty() ? take(1) : take(bounds().size());
    written_ += operator_;
    // Ruby takes {3}? for "three times or not at all". What is lazy matches the same texts.
    const bool is_lazy = take_if("?");
    if (is_lazy && !operator_.starts_with("{")) written_ += "?";
    return true;
}

/// Ruby repeats no anchor by itself.
void Translation::anchor(std::string_view text) {
    const bool may_be_repeated = is_repetition() || sets_flags() || rest_.starts_with(k_nothing);
    written_ += may_be_repeated ? "(?:" + std::string(text) + ")" : std::string(text);
}

std::string Translation::literal(std::string_view character, std::string_view special) const {
    const bool is_special =
        character.size() == 1 && special.find(character.front()) != std::string_view::npos;
    return (is_special ? "\\" : "") + escape_text(character);
}

void Translation::literal_run() {
    while (!rest_.empty() && !take_if("\\E")) {
        begin_item();
        written_ += literal(take_character(), k_special);
    }
}

std::string Translation::property(char kind) {
    const std::size_t length = rest_.starts_with("{") ? rest_.find('}') + 1 : 1;
    const std::string name(take(length));
    return std::string("\\") + kind + (length == 1 ? "{" + name + "}" : name);
}

void Translation::escape() {
    const char kind = rest_.front();
    if (kind == 'b' || kind == 'B') needs_ascii_ = true;
    if (std::string_view("bBAz").find(kind) != std::string_view::npos) {
        take(1);
        return anchor(std::string("\\") + kind);
    }
    if (std::string_view("dDwW").find(kind) != std::string_view::npos) {
        written_ += "\\" + std::string(take(1));
    } else if (kind == 's' || kind == 'S') {
        take(1);
        written_ += std::string(kind == 's' ? "[" : "[^") + std::string(k_space) + "]";
    } else if (kind == 'p' || kind == 'P') {
        take(1);
        written_ += property(kind);
    } else if (kind == 'C') {
        take(1);
        written_ += "(?m:.)";
    } else {
        take(1);
        written_ += code_escape(kind, k_special);
    }
}

/// What stands for one character, behind the backslash and the character that tells the kind.
std::string Translation::code_escape(char kind, std::string_view special) {
    if (kind == 'x' && take_if("{")) {
        const std::string digits(take(rest_.find('}')));
        take(1);
        return code_point(number(digits, 16));
    }
    if (kind == 'x') return code_point(number(take(2), 16));
    if (is_octal_digit(kind)) {
        std::string digits(1, kind);
        while (digits.size() < 3 && !rest_.empty() && is_octal_digit(rest_.front()))
            digits += take(1);
        return code_point(number(digits, 8));
    }
    static constexpr std::string_view controls = "afnrtv";
    if (controls.find(kind) != std::string_view::npos) return std::string("\\") + kind;
    return literal(std::string(1, kind), special);
}

// ---- classes ------------------------------------------------------------------------------------------------------------

void Translation::character_class() {
    written_ += take(1);
    if (take_if("^")) written_ += "^";
    do {
        class_item();
    } while (!rest_.starts_with("]"));
    written_ += take(1);
}

void Translation::class_item() {
    if (posix_class()) return;
    if (rest_.starts_with("\\") && rest_.size() > 1) {
        const char kind = rest_[1];
        if (kind == 'p' || kind == 'P') {
            take(2);
            written_ += property(kind);
            return;
        }
        if (std::string_view("dDwW").find(kind) != std::string_view::npos) {
            written_ += take(2);
            return;
        }
        if (kind == 's' || kind == 'S') {
            take(2);
            written_ += kind == 's' ? k_space : "\\S\\v";
            return;
        }
    }
    const std::string first = class_character();
    if (rest_.starts_with("-") && !rest_.starts_with("-]")) {
        take(1);
        written_ += first + "-" + class_character();
        return;
    }
    const bool is_last_dash = first == "\\-" && rest_.starts_with("]");
    written_ += is_last_dash ? "-" : first;
}

bool Translation::posix_class() {
    const std::size_t end = rest_.find(":]", 2);
    if (!rest_.starts_with("[:") || end == std::string_view::npos) return false;
    written_ += take(end + 2);
    needs_ascii_ = true;
    return true;
}

std::string Translation::class_character() {
    if (!take_if("\\")) return literal(take_character(), k_special_in_class);
    const char kind = take(1).front();
    return code_escape(kind, k_special_in_class);
}

}  // namespace

std::string ruby_regex(std::string_view pattern) {
    return Translation(pattern).run();
}

}  // namespace hocket::ddl_compiler
