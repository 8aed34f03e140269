#include "core/ddl/diagnostic.h"

#include <algorithm>
#include <tuple>

#include "core/base/text.h"

namespace hocket::ddl {

namespace {

constexpr std::size_t k_max_kept = 10'000;  // of each severity
constexpr std::size_t k_max_shown = 100;    // of each severity
constexpr std::size_t k_max_excerpt_bytes = 110;
constexpr std::size_t k_max_bytes_before_caret = 70;
constexpr std::size_t k_max_word_bytes = 64;
constexpr std::size_t k_max_message_bytes = 800;
constexpr std::size_t k_block_bytes = 512;

bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

std::string visible(std::string_view text) {
    std::string spaced(text);
    std::replace(spaced.begin(), spaced.end(), '\t', ' ');
    return escape_text(spaced);
}

/// Where the character at the position begins.
std::size_t character_start(std::string_view text, std::size_t position) {
    while (position > 0 && position < text.size() && is_continuation(text[position]))
        --position;
    return position;
}

std::string bounded(std::string_view message) {
    if (message.size() <= k_max_message_bytes) return escape_text(message);
    return escape_text(message.substr(0, character_start(message, k_max_message_bytes))) + "…";
}

/// `file:line:col: `, or `file: ` of the file as a whole.
std::string place_text(const std::string& file, const Location& at) {
    if (at.line == 0) return escape_text(file) + ": ";
    return escape_text(file) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": ";
}

}  // namespace

std::string to_string(const Diagnostic& diagnostic) {
    const bool is_error = diagnostic.severity == Diagnostic::Severity::error;
    std::string text = place_text(diagnostic.file, diagnostic.at) + (is_error ? "error: " : "warning: ") +
                       diagnostic.message;
    if (diagnostic.warning) text += " [" + std::string(to_string(*diagnostic.warning)) + "]";
    if (!diagnostic.excerpt.empty()) text += "\n" + diagnostic.excerpt;
    if (!diagnostic.hint.empty()) text += "\n  hint: " + diagnostic.hint;
    for (const Related& related : diagnostic.related) {
        text += "\n" + place_text(diagnostic.file, related.at) + "note: " + related.message + "\n" +
                related.excerpt;
    }
    return text;
}

std::string join_lines(const std::vector<Diagnostic>& diagnostics) {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics) {
        if (!text.empty()) text += "\n";
        text += to_string(diagnostic);
    }
    return text;
}

SourceText::SourceText(std::string_view text) : text_(text), line_starts_{0} {
    std::size_t longest = 0;
    for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end + 1)) {
        longest = std::max(longest, end - line_starts_.back());
        line_starts_.push_back(end + 1);
    }
    longest = std::max(longest, text.size() - line_starts_.back());
    if (longest > k_block_bytes) count_blocks();
}

void SourceText::count_blocks() {
    block_starts_.push_back(0);
    for (std::size_t i = 0; i + k_block_bytes <= text_.size(); i += k_block_bytes) {
        block_starts_.push_back(block_starts_.back() + count_code_points(text_.substr(i, k_block_bytes)));
    }
}

std::size_t SourceText::line_of(std::size_t offset) const {
    const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
    return static_cast<std::size_t>(next - line_starts_.begin()) - 1;
}

std::size_t SourceText::code_points_before(std::size_t offset) const {
    const std::size_t block = offset / k_block_bytes;
    return block_starts_[block] +
           count_code_points(text_.substr(block * k_block_bytes, offset % k_block_bytes));
}

Location SourceText::locate(std::size_t offset) const {
    offset = std::min(offset, text_.size());
    const std::size_t line = line_of(offset);
    const std::size_t start = line_starts_[line];
    const std::size_t before = offset - start <= k_block_bytes
                                   ? count_code_points(text_.substr(start, offset - start))
                                   : code_points_before(offset) - code_points_before(start);
    return {line + 1, before + 1};
}

std::size_t SourceText::offset_of(std::size_t line, std::size_t byte_column) const {
    if (line >= line_starts_.size()) return text_.size();
    return std::min(line_starts_[line] + byte_column, text_.size());
}

std::string SourceText::excerpt(std::size_t offset) const {
    offset = std::min(offset, text_.size());
    const std::size_t start = line_starts_[line_of(offset)];
    std::string_view line = text_.substr(start, text_.find_first_of("\r\n", start) - start);
    std::size_t caret = std::min(offset - start, line.size());
    if (caret > k_max_bytes_before_caret) {
        const std::size_t cut = character_start(line, caret - k_max_bytes_before_caret);
        line.remove_prefix(cut);
        caret -= cut;
    }
    line = line.substr(0, character_start(line, std::min(k_max_excerpt_bytes, line.size())));
    const std::size_t caret_column = count_code_points(visible(line.substr(0, caret)));
    return "  " + visible(line) + "\n  " + std::string(caret_column, ' ') + "^";
}

Report::Report(std::string file, std::string_view text) : file_(std::move(file)), source_(text) {}

void Report::error(std::size_t offset, std::string message, std::string hint,
                   const std::vector<Place>& related) {
    if (++errors_ > k_max_kept) return;
    add({.severity = Diagnostic::Severity::error, .message = std::move(message), .hint = std::move(hint)},
        offset, related);
}

void Report::warning(Warning warning, std::size_t offset, std::string message, std::string hint,
                     const std::vector<Place>& related) {
    if (++warnings_ > k_max_kept) return;
    add({.severity = Diagnostic::Severity::warning,
         .warning = warning,
         .message = std::move(message),
         .hint = std::move(hint)},
        offset, related);
}

void Report::add(Diagnostic diagnostic, std::size_t offset, const std::vector<Place>& related) {
    diagnostic.file = file_;
    diagnostic.at = source_.locate(offset);
    diagnostic.message = bounded(diagnostic.message);
    diagnostic.hint = bounded(diagnostic.hint);
    diagnostic.excerpt = source_.excerpt(offset);
    for (const Place& place : related) {
        diagnostic.related.push_back(
            {source_.locate(place.offset), bounded(place.message), source_.excerpt(place.offset)});
    }
    diagnostics_.push_back(std::move(diagnostic));
}

std::vector<Diagnostic> Report::diagnostics() const {
    std::vector<Diagnostic> sorted = diagnostics_;
    std::stable_sort(sorted.begin(), sorted.end(), [](const Diagnostic& left, const Diagnostic& right) {
        return std::tie(left.at.line, left.at.column) < std::tie(right.at.line, right.at.column);
    });
    return sorted;
}

std::vector<Diagnostic> first_of(const std::vector<Diagnostic>& diagnostics) {
    std::vector<Diagnostic> shown;
    std::size_t errors = 0;
    std::size_t warnings = 0;
    for (const Diagnostic& diagnostic : diagnostics) {
        const bool is_error = diagnostic.severity == Diagnostic::Severity::error;
        if (++(is_error ? errors : warnings) <= k_max_shown) shown.push_back(diagnostic);
    }
    const auto add_rest = [&](std::size_t count, Diagnostic::Severity severity, const char* noun) {
        if (count <= k_max_shown) return;
        shown.push_back({.severity = severity,
                         .file = diagnostics.front().file,
                         .message = std::to_string(count - k_max_shown) + " more " + noun + ", not shown"});
    };
    add_rest(errors, Diagnostic::Severity::error, "errors");
    add_rest(warnings, Diagnostic::Severity::warning, "warnings");
    return shown;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
    if (word.size() > k_max_word_bytes) return {};
    const std::string best = nearest(word, candidates);
    return best.empty() ? std::string() : "did you mean '" + best + "'?";
}

}  // namespace hocket::ddl
