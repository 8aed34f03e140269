#include "core/ddl/source_node.h"

#include <algorithm>

namespace hocket::ddl {

namespace {

constexpr std::size_t k_few_members = 16;  // are compared one by one

}  // namespace

Json SourceNode::to_json() const {
    if (kind == Kind::scalar) return value;
    Json json = kind == Kind::array ? Json::array() : Json::object();
    for (const SourceNode& item : items)
        json.push_back(item.to_json());
    for (const Member& member : members)
        json[member.key] = member.value.to_json();
    return json;
}

const SourceNode* SourceNode::find(std::string_view key) const {
    const auto member =
        std::find_if(members.begin(), members.end(), [&](const Member& one) { return one.key == key; });
    return member == members.end() || member->value.is_null() ? nullptr : &member->value;
}

SourceNode text_node(std::size_t offset, std::string text) {
    SourceNode node = empty_node(SourceNode::Kind::scalar, offset);
    node.value = std::move(text);
    return node;
}

SourceNode empty_node(SourceNode::Kind kind, std::size_t offset) {
    SourceNode node;
    node.kind = kind;
    node.offset = offset;
    return node;
}

void add_member(SourceNode& object, std::size_t offset, std::string key, SourceNode value) {
    object.members.push_back({std::move(key), offset, std::move(value)});
}

bool TreeBuilder::expects_key() const {
    return !open_.empty() && open_.back().node.kind == SourceNode::Kind::object && !open_.back().has_key;
}

bool TreeBuilder::charge(const SourceNode& node, std::size_t parent_depth) {
    const std::size_t depth = parent_depth + (node.kind == SourceNode::Kind::scalar ? 0 : 1);
    if (depth > k_max_depth) {
        report_.error(node.offset, "nested deeper than " + std::to_string(k_max_depth) + " levels");
        return false;
    }
    if (++values_ > limits_.max_values) {
        report_.error(node.offset, "more than " + std::to_string(limits_.max_values) +
                                       " values, aliases counted as copies");
        return false;
    }
    return std::all_of(node.items.begin(), node.items.end(),
                       [&](const SourceNode& item) { return charge(item, depth); }) &&
           std::all_of(node.members.begin(), node.members.end(),
                       [&](const Member& member) { return charge(member.value, depth); });
}

const SourceNode& TreeBuilder::attach(SourceNode node) {
    if (open_.empty()) return root_ = std::move(node);
    Level& parent = open_.back();
    if (parent.node.kind == SourceNode::Kind::array) return parent.node.items.emplace_back(std::move(node));
    parent.has_key = false;
    return parent.node.members.back().value = std::move(node);
}

bool TreeBuilder::add(SourceNode node) {
    if (!charge(node)) return false;
    attach(std::move(node));
    return true;
}

bool TreeBuilder::open(SourceNode::Kind kind, std::size_t offset) {
    Level level;
    level.node.kind = kind;
    level.node.offset = offset;
    if (!charge(level.node)) return false;
    open_.push_back(std::move(level));
    return true;
}

const SourceNode& TreeBuilder::close() {
    SourceNode node = std::move(open_.back().node);
    open_.pop_back();
    return attach(std::move(node));
}

std::optional<std::size_t> TreeBuilder::Level::enter(const std::string& key, std::size_t offset) {
    const std::vector<Member>& members = node.members;
    if (members.size() < k_few_members) {
        const auto same = std::find_if(members.begin(), members.end(),
                                       [&](const Member& member) { return member.key == key; });
        return same == members.end() ? std::nullopt : std::optional(same->offset);
    }
    if (keys.empty()) {
        for (const Member& member : members)
            keys.emplace(member.key, member.offset);
    }
    const auto [first, is_new] = keys.emplace(key, offset);
    return is_new ? std::nullopt : std::optional(first->second);
}

void TreeBuilder::key(std::size_t offset, std::string text) {
    Level& level = open_.back();
    level.has_key = true;
    if (const std::optional<std::size_t> first = level.enter(text, offset))
        report_.error(offset, "duplicate key '" + text + "'", "", {{*first, "it stands here first"}});
    level.node.members.push_back({std::move(text), offset, {}});
}

}  // namespace hocket::ddl
