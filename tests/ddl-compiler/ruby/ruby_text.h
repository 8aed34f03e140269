#pragma once

#include <string>

#include "core/ddl/diagnostic.h"
#include "core/ddl/source_node.h"
#include "ddl-compiler/ruby/ruby_tree.h"

namespace hocket::ddl_compiler::ruby {

/// A Ruby source that was read: the tree and what was said about it.
class Reading {
public:
    explicit Reading(std::string source)
        : text_(std::move(source)), report_("x.ddl", text_), tree_(read_ruby_tree(report_)) {}

    /// The messages, one a line, with their places.
    std::string problems() const {
        std::string lines;
        for (const ddl::Diagnostic& problem : report_.diagnostics()) {
            lines += std::to_string(problem.at.line) + ":" + std::to_string(problem.at.column) + " " +
                     problem.message + "\n";
        }
        return lines;
    }

    /// Null when a part of it had to be left out.
    const ddl::SourceNode* tree() const { return tree_.is_complete ? &tree_.root : nullptr; }
    const std::string& text() const { return text_; }
    Json json() const { return tree_.is_complete ? tree_.root.to_json() : Json("no tree"); }

private:
    std::string text_;
    ddl::Report report_;
    RubyTree tree_;
};

/// What the expression becomes as a value of the metadata: its JSON, or the first problem without its place.
inline Json value_of(const std::string& expression) {
    const Reading reading("metadata :x => " + expression + "\n");
    if (!reading.tree()) {
        const std::string problems = reading.problems();
        return "! " + problems.substr(problems.find(' ') + 1, problems.find('\n') - problems.find(' ') - 1);
    }
    return reading.json()["metadata"]["x"];
}

}  // namespace hocket::ddl_compiler::ruby
