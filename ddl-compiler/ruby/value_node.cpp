#include "ddl-compiler/ruby/value_node.h"

#include <algorithm>

#include "ddl-compiler/ruby/limits.h"

namespace hocket::ddl_compiler::ruby {

namespace {

using ddl::SourceNode;

SourceNode scalar(std::size_t offset, Json value) {
    SourceNode node;
    node.offset = offset;
    node.value = std::move(value);
    return node;
}

SourceNode to_node_at(const Value& value, std::size_t depth, Problems& problems) {
    if (depth > k_max_depth) problems.refuse(value.offset, k_too_deep);
    switch (value.kind) {
        case Value::Kind::nil: return scalar(value.offset, nullptr);
        case Value::Kind::boolean: return scalar(value.offset, value.truth);
        case Value::Kind::integer: return scalar(value.offset, value.integer);
        case Value::Kind::floating: return scalar(value.offset, value.floating);
        case Value::Kind::string:
        case Value::Kind::symbol: return scalar(value.offset, value.text);
        case Value::Kind::array: {
            SourceNode array = empty_node(SourceNode::Kind::array, value.offset);
            for (const Value& item : value.items)
                array.items.push_back(to_node_at(item, depth + 1, problems));
            return array;
        }
        case Value::Kind::hash: {
            SourceNode object = empty_node(SourceNode::Kind::object, value.offset);
            for (const ValuePair& pair : value.pairs)
                add_member(object, pair.key.offset, pair.key.text,
                           to_node_at(pair.value, depth + 1, problems));
            return object;
        }
        case Value::Kind::regex:
        case Value::Kind::function: break;
    }
    problems.refuse(value.offset, describe(value) + " is no value here");
}

}  // namespace

SourceNode to_node(const Value& value, Problems& problems) {
    return to_node_at(value, 0, problems);
}

const std::vector<ValuePair>& properties_of(const Value& value, const std::string& what, Problems& problems) {
    if (value.kind != Value::Kind::hash) {
        problems.refuse(value.offset, what + " must be `:key => value` pairs, not " + describe(value));
    }
    for (const ValuePair& pair : value.pairs) {
        if (pair.key.kind == Value::Kind::symbol) continue;
        problems.error(pair.key.offset,
                       "the key \"" + pair.key.text + "\" is a string; MCollective reads symbols alone",
                       "write :" + pair.key.text);
    }
    return value.pairs;
}

const ValuePair* find_property(const std::vector<ValuePair>& properties, std::string_view key) {
    const auto found = std::find_if(properties.begin(), properties.end(),
                                    [&](const ValuePair& pair) { return pair.key.text == key; });
    return found == properties.end() ? nullptr : &*found;
}

}  // namespace hocket::ddl_compiler::ruby
