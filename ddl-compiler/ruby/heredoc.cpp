#include <algorithm>

#include "ddl-compiler/ruby/scanner.h"

namespace hocket::ddl_compiler::ruby {

namespace {

constexpr std::size_t k_tab_width = 8;

/// The column behind a blank at the column.
std::size_t column_behind(char blank, std::size_t column) {
    return blank == '\t' ? (column / k_tab_width + 1) * k_tab_width : column + 1;
}

bool indents(char byte) {
    return byte == ' ' || byte == '\t';
}

/// The width of a line's indentation; of a line of blanks alone there is none to be counted.
std::size_t indentation(std::string_view line, std::size_t none) {
    std::size_t width = 0;
    std::size_t at = 0;
    for (; at < line.size() && indents(line[at]); ++at)
        width = column_behind(line[at], width);
    const bool is_empty = at == line.size() || line[at] == '\n' || line.substr(at).starts_with("\r\n");
    return is_empty ? none : width;
}

/// How many bytes at the start of the text are indentation of that width; a tab is not divided.
std::size_t indentation_bytes(std::string_view text, std::size_t width) {
    std::size_t bytes = 0;
    std::size_t column = 0;
    while (bytes < text.size() && indents(text[bytes]) && column_behind(text[bytes], column) <= width)
        column = column_behind(text[bytes++], column);
    return bytes;
}

/// The text without the indentation of the lines that begin at the positions.
std::string dedented(const std::string& text, const std::vector<std::size_t>& starts, std::size_t width) {
    std::string result;
    std::size_t from = 0;
    for (const std::size_t start : starts) {
        result.append(text, from, start - from);
        from = start + indentation_bytes(std::string_view(text).substr(start), width);
    }
    return result.append(text, from);
}

}  // namespace

/// `<<TAG`, `<<-TAG` or `<<~TAG`, the tag in quotes or not; nothing when this is an operator.
std::optional<Scanner::Tag> Scanner::heredoc_tag() const {
    Tag tag;
    std::size_t at = position_ + 2;
    const auto byte_at = [&](std::size_t index) { return index < source_.size() ? source_[index] : '\0'; };
    tag.dedents = byte_at(at) == '~';
    tag.indented_end = tag.dedents || byte_at(at) == '-';
    if (tag.indented_end) ++at;
    const char quote = byte_at(at);
    if (quote == '"' || quote == '\'' || quote == '`') {
        const std::size_t end =
            std::min(source_.find_first_of(std::string("\n") + quote, at + 1), source_.size());
        if (byte_at(end) != quote) return std::nullopt;
        tag.name = source_.substr(at + 1, end - at - 1);
        tag.end = end + 1;
        if (quote == '\'') tag.quoting = Quoting::raw;
    } else if (is_name_start(quote)) {
        while (is_name_part(byte_at(at + tag.name.size())))
            tag.name += byte_at(at + tag.name.size());
        tag.end = at + tag.name.size();
    } else {
        return std::nullopt;
    }
    return tag;
}

/// False when there is none.
bool Scanner::scan_heredoc() {
    const bool may_begin = state_ == State::begin || (state_ == State::argument && after_space_);
    const std::optional<Tag> tag = at("<<") && may_begin ? heredoc_tag() : std::nullopt;
    if (!tag) return false;
    if (depth_ > 0) stop(start_, "a heredoc inside of an interpolation is not read");
    Token result = token(Token::Kind::string);
    result.begins = true;
    const std::size_t line_end = std::min(source_.find('\n', tag->end), source_.size() - 1);
    position_ = heredoc_end_ != 0 ? heredoc_end_ : line_end + 1;
    heredoc_end_ = 0;
    result.segments = scan_heredoc_body(*tag, start_);
    heredoc_end_ = position_;
    position_ = tag->end;
    check_text(result);
    if (source_[tag->end - 1] == '`') return push_refused(start_, "a command in a heredoc"), true;
    push(std::move(result));
    return true;
}

std::vector<Segment> Scanner::scan_heredoc_body(const Tag& tag, std::size_t start) {
    std::vector<Segment> segments = {{.offset = position_}};
    std::vector<std::vector<std::size_t>> line_starts;  // in each segment
    const std::size_t no_line = source_.size();
    std::size_t width = no_line;
    for (bool is_joined = false; is_joined || !at_heredoc_end(tag);) {
        if (at_end()) {
            stop(start, "this heredoc has no end: there is no line `" + tag.name + "`",
                 tag.indented_end ? "" : "an end that is indented needs <<-" + tag.name);
        }
        width = std::min(
            width,
            indentation(source_.substr(position_, source_.find('\n', position_) - position_), no_line));
        if (!segments.back().code.empty()) segments.push_back({.offset = position_});
        line_starts.resize(segments.size());
        line_starts.back().push_back(segments.back().text.size());
        bool is_end = false;
        while (!at_end() && !is_end) {
            is_joined = tag.quoting != Quoting::raw && (at("\\\n") || at("\\\r\n"));
            is_end = is_joined || peek() == '\n' || at("\r\n");
            scan_piece(segments, {}, tag.quoting);
        }
    }
    position_ = std::min(source_.find('\n', position_), source_.size() - 1) + 1;
    for (std::size_t i = 0; tag.dedents && i < line_starts.size(); ++i)
        segments[i].text = dedented(segments[i].text, line_starts[i], width);
    return segments;
}

bool Scanner::at_heredoc_end(const Tag& tag) const {
    std::string_view line = source_.substr(std::min(position_, source_.size()));
    line = line.substr(0, line.find('\n'));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (tag.indented_end) line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    return !at_end() && line == tag.name;
}

}  // namespace hocket::ddl_compiler::ruby
