#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/ddl/diagnostic.h"
#include "core/ddl/source_node.h"
#include "ddl-compiler/front_end.h"

namespace hocket::ddl_compiler {

/// Which warnings a description silences, and where:
///
///     # hocketc: allow NAME, NAME        those of this line; alone on a line, those of the next one that has content
///     # hocketc: allow-file NAME, NAME   those of the whole file
///     "$allow": ["NAME"]                 the same as a key at the top, for JSON, which has no comments
///
/// Behind the names anything may follow that is none: `# hocketc: allow no_actions -- they come later`.
class Allowances {
public:
    /// `description`: the tree, if the source could be read.
    Allowances(SourceLanguage language, const ddl::SourceText& source, const ddl::SourceNode* description);

    /// The diagnostics without warnings that are silenced, and with warnings of allowances that silence nothing, which can be
    /// silenced as well; in the order of the source. That a name was not needed is not said beside errors, which keep warnings
    /// from being found.
    std::vector<ddl::Diagnostic> apply(const std::string& file,
                                       std::vector<ddl::Diagnostic> diagnostics) const;

private:
    /// One word of one of them.
    struct Allowance {
        std::string word;
        std::size_t offset;
        std::size_t line;  ///< that it holds for, from 1; 0: the whole file
    };

    /// An allowance that silences nothing, whatever there is.
    struct Fault {
        std::size_t offset;
        std::string message;
        std::string hint;
    };

    std::vector<ddl::Diagnostic> faults(const std::string& file) const;
    void read_comments(const ddl::SourceNode* description);
    void read_comment(std::size_t line, std::size_t begin, std::string_view text);
    void add_words(std::string_view words, std::size_t offset, std::size_t line);
    void read_key(const ddl::SourceNode& list);

    const ddl::SourceText& source_;
    std::vector<Allowance> allowances_;
    std::vector<Fault> faults_;
};

}  // namespace hocket::ddl_compiler
