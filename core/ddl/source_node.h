#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/json.h"
#include "core/ddl/diagnostic.h"
#include "core/ddl/limits.h"

namespace hocket::ddl {

struct Member;

/// A value of a source together with where it stands: what JSON and YAML are both read into.
struct SourceNode {
    enum class Kind { scalar, array, object };

    Kind kind = Kind::scalar;
    std::size_t offset = 0;         ///< bytes from the start of the source
    Json value;                     ///< of a scalar
    std::string plain;              ///< of a YAML scalar without quotes: as it is written
    std::vector<SourceNode> items;  ///< of an array
    std::vector<Member> members;    ///< of an object, in the order of the source

    bool is_null() const { return kind == Kind::scalar && value.is_null(); }
    Json to_json() const;

    /// The member's value; null when it is absent or null.
    const SourceNode* find(std::string_view key) const;
};

struct Member {
    std::string key;
    std::size_t offset = 0;  ///< of the key
    SourceNode value;
};

// For front ends that make a tree of something else.
SourceNode text_node(std::size_t offset, std::string text);
SourceNode empty_node(SourceNode::Kind kind, std::size_t offset);
void add_member(SourceNode& object, std::size_t offset, std::string key, SourceNode value);

/// Builds a tree from the events of a parser, within bounds and without duplicate keys.
///
/// Errors: in the report. After a duplicate key the tree goes on; a function that returns false has met a bound,
///         and then the parser must stop.
class TreeBuilder {
public:
    TreeBuilder(Report& report, const TreeLimits& limits) : report_(report), limits_(limits) {}

    bool add(SourceNode node);  ///< a scalar, or a whole copied tree (an alias)
    bool open(SourceNode::Kind kind, std::size_t offset);
    const SourceNode& close();  ///< the node that is now complete; valid until the next call
    void key(std::size_t offset, std::string text);

    /// Whether the next scalar names a member.
    bool expects_key() const;

    /// Counts a tree that is kept in memory against the bounds.
    bool charge(const SourceNode& node) { return charge(node, depth()); }

    /// The root, once all is closed.
    SourceNode take() { return std::move(root_); }

private:
    struct Level {
        SourceNode node;
        std::unordered_map<std::string, std::size_t> keys;  ///< and where they stand, once there are many
        bool has_key = false;

        /// Where the same key stands already.
        std::optional<std::size_t> enter(const std::string& key, std::size_t offset);
    };

    std::size_t depth() const { return open_.size(); }
    bool charge(const SourceNode& node, std::size_t parent_depth);
    const SourceNode& attach(SourceNode node);

    Report& report_;
    const TreeLimits limits_;
    SourceNode root_;
    std::vector<Level> open_;
    std::size_t values_ = 0;
};

}  // namespace hocket::ddl
