#include "ddl-compiler/ruby/ruby_tree.h"

#include "ddl-compiler/ruby/ddl_tree.h"
#include "ddl-compiler/ruby/expansion.h"
#include "ddl-compiler/ruby/lexer.h"
#include "ddl-compiler/ruby/parser.h"
#include "ddl-compiler/ruby/problems.h"

namespace hocket::ddl_compiler::ruby {

RubyTree read_ruby_tree(ddl::Report& report) {
    Problems problems(report);
    const Tokens tokens = tokenize(report.source().text(), problems);
    const std::vector<Statement> statements = parse(tokens, problems);
    const std::vector<Call> calls = expand(statements, problems);
    ddl::SourceNode root = ddl_tree(calls, problems);
    return {std::move(root), problems.is_complete()};
}

}  // namespace hocket::ddl_compiler::ruby
