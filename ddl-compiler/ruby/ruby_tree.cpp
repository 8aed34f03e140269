#include "ddl-compiler/ruby/ruby_tree.h"

#include "ddl-compiler/ruby/ddl_tree.h"
#include "ddl-compiler/ruby/expansion.h"
#include "ddl-compiler/ruby/lexer.h"
#include "ddl-compiler/ruby/parser.h"
#include "ddl-compiler/ruby/problems.h"

namespace hocket::ddl_compiler::ruby {

std::optional<ddl::SourceNode> read_ruby_tree(ddl::Report& report) {
    Problems problems(report);
    const Tokens tokens = tokenize(report.source().text(), problems);
    const std::vector<Statement> statements = parse(tokens, problems);
    const std::vector<Call> calls = expand(statements, problems);
    ddl::SourceNode tree = ddl_tree(calls, problems);
    if (!problems.is_complete()) return std::nullopt;
    return tree;
}

}  // namespace hocket::ddl_compiler::ruby
