#include "ddl-compiler/ruby/aggregate.h"

#include "ddl-compiler/ruby/value_node.h"

namespace hocket::ddl_compiler::ruby {

namespace {

using ddl::SourceNode;

const std::string k_form = "aggregate summary(:output)";

/// The options of the function: the last of its arguments, or a new one.
SourceNode& options_of(SourceNode& arguments, std::size_t offset) {
    const bool has_options =
        arguments.items.size() > 1 && arguments.items.back().kind == SourceNode::Kind::object;
    if (!has_options) arguments.items.push_back(empty_node(SourceNode::Kind::object, offset));
    return arguments.items.back();
}

bool has_member(const SourceNode& object, std::string_view key) {
    for (const ddl::Member& member : object.members) {
        if (member.key == key) return true;
    }
    return false;
}

/// `:format` behind the function, which MCollective reads and forgets.
void add_old_format(SourceNode& arguments, const std::string& function, const Value& formats,
                    Problems& problems) {
    for (const ValuePair& pair :
         properties_of(formats, "what follows the function of an aggregate", problems)) {
        if (pair.key.text != "format") {
            problems.error(pair.key.offset, "an aggregate has no '" + pair.key.text +
                                                "'; behind the function there is :format alone");
            continue;
        }
        SourceNode& options = options_of(arguments, formats.offset);
        const bool is_set = has_member(options, "format");
        problems.warning(
            ddl::Warning::aggregate_format, pair.key.offset,
            is_set ? "the format of the function counts, this one does not"
                   : "MCollective ignores a format behind the function; here it counts",
            is_set ? ""
                   : "write it into the function: aggregate " + function + "(:output, :format => \"…\")");
        if (!is_set) add_member(options, pair.key.offset, "format", to_node(pair.value, problems));
    }
}

}  // namespace

SourceNode aggregate_node(const Call& call, Problems& problems) {
    if (call.arguments.empty()) problems.refuse(call.offset, "`aggregate` takes a function", k_form);
    const Value& function = call.arguments.front();
    if (function.kind != Value::Kind::function) {
        problems.refuse(function.offset, "`aggregate` takes a function, not " + describe(function), k_form);
    }
    if (call.arguments.size() > 2)
        problems.refuse(call.arguments[2].offset, "`aggregate` takes a function and a format", k_form);
    SourceNode arguments = empty_node(SourceNode::Kind::array, function.offset);
    for (const Value& argument : function.items)
        arguments.items.push_back(to_node(argument, problems));
    if (call.arguments.size() == 2) add_old_format(arguments, function.text, call.arguments[1], problems);
    SourceNode node = empty_node(SourceNode::Kind::object, call.offset);
    add_member(node, function.offset, "function", text_node(function.offset, function.text));
    add_member(node, function.offset, "args", std::move(arguments));
    return node;
}

}  // namespace hocket::ddl_compiler::ruby
