#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ddl/model.h"
#include "core/ddl/warning.h"

namespace hocket::ddl {

/// Another place that a problem has to do with: where the name was declared first.
struct Related {
    Location at;
    std::string message;
    std::string excerpt;
};

/// One problem of a DDL, where it stands and what may help.
struct Diagnostic {
    enum class Severity { error, warning };

    Severity severity = Severity::error;
    /// Which warning it is; that of an error too that `--strict` made of one.
    std::optional<Warning> warning = {};
    std::string file = {};
    Location at = {};
    std::string message = {};
    std::string hint = {};     ///< empty, or what to do: "did you mean 'timeout'?"
    std::string excerpt = {};  ///< the source line and below it a caret
    std::vector<Related> related = {};
};

/// `file:line:col: error: message` or `file:line:col: warning: message [word]`, then the source line, the caret and the
/// hint, each on a line of its own; then the related places in the same way, as notes.
/// Safe for a terminal: what came from the file is escaped.
std::string to_string(const Diagnostic& diagnostic);

/// Each on lines of its own, without a newline at the end.
std::string join_lines(const std::vector<Diagnostic>& diagnostics);

/// The text of one source and where its lines begin.
class SourceText {
public:
    explicit SourceText(std::string_view text);

    Location locate(std::size_t offset) const;

    /// The offset of a line and a column in bytes, both from 0.
    std::size_t offset_of(std::size_t line, std::size_t byte_column) const;

    /// The line with the offset and a caret below it; of a long line only what is around the offset.
    std::string excerpt(std::size_t offset) const;

    std::string_view text() const { return text_; }

private:
    void count_blocks();
    std::size_t line_of(std::size_t offset) const;
    std::size_t code_points_before(std::size_t offset) const;

    std::string_view text_;
    std::vector<std::size_t> line_starts_;
    /// Code points before each block of bytes, if there is a long line: a document may be one.
    std::vector<std::size_t> block_starts_;
};

/// Collects every problem of one source, so that its author sees all of them at once. Offsets are bytes.
class Report {
public:
    /// Keeps a view of the text.
    Report(std::string file, std::string_view text);

    /// A place that has to do with a problem.
    struct Place {
        std::size_t offset;
        std::string message;
    };

    void error(std::size_t offset, std::string message, std::string hint = {},
               const std::vector<Place>& related = {});
    void warning(Warning warning, std::size_t offset, std::string message, std::string hint = {},
                 const std::vector<Place>& related = {});

    bool has_errors() const { return errors_ > 0; }
    std::size_t errors() const { return errors_; }
    const SourceText& source() const { return source_; }

    /// In the order of the source; at most 10,000 of each severity.
    std::vector<Diagnostic> diagnostics() const;

private:
    void add(Diagnostic diagnostic, std::size_t offset, const std::vector<Place>& related);

    std::string file_;
    SourceText source_;
    std::vector<Diagnostic> diagnostics_;
    std::size_t errors_ = 0;
    std::size_t warnings_ = 0;
};

/// Of a source that is wrong throughout: the first 100 errors and the first 100 warnings, in the same order, and how many
/// more there are.
std::vector<Diagnostic> first_of(const std::vector<Diagnostic>& diagnostics);

/// "did you mean 'X'?" when one of the candidates is near the word; else empty.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace hocket::ddl
