#include "core/ddl/puppet_type.h"

#include <algorithm>
#include <cmath>

#include "core/base/text.h"
#include "core/ddl/puppet_type_node.h"

namespace hocket::ddl {

namespace {

using Node = PuppetType::Node;
using PuppetKind = Node::Kind;

bool is_scalar(const Json& value) {
    return value.is_primitive() && !value.is_null();
}

bool accepts_integer(const Node& type, const Json& value) {
    const bool is_too_large = value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX;
    return value.is_number_integer() && !is_too_large && type.range.holds(value.get<std::int64_t>());
}

bool accepts_float(const Node& type, const Json& value) {
    return value.is_number_float() && value.get<double>() >= type.lowest &&
           value.get<double>() <= type.highest;
}

bool accepts_string(const Node& type, const Json& value) {
    if (!value.is_string()) return false;
    const auto& text = value.get_ref<const std::string&>();
    if (!type.texts.empty()) return text == type.texts.front();
    return type.range.holds(static_cast<std::int64_t>(count_code_points(text)));
}

bool accepts_pattern(const Node& type, const Json& value) {
    return value.is_string() && std::ranges::any_of(type.patterns, [&](const Regex& pattern) {
               return pattern.search(value.get_ref<const std::string&>());
           });
}

bool accepts_enumeration(const Node& type, const Json& value) {
    return value.is_string() && std::ranges::any_of(type.texts, [&](const std::string& text) {
               const auto& given = value.get_ref<const std::string&>();
               return text == given || (type.ignores_case && to_lower_ascii(text) == to_lower_ascii(given));
           });
}

bool has_size(const Node& type, const Json& value) {
    return type.range.holds(static_cast<std::int64_t>(value.size()));
}

bool accepts_array(const Node& type, const Json& value) {
    return value.is_array() && has_size(type, value) && std::ranges::all_of(value, [&](const Json& element) {
               return type.types.empty() || accepts(type.types.front(), element);
           });
}

/// The last type is that of all that follow it.
bool accepts_tuple(const Node& type, const Json& value) {
    if (!value.is_array() || !has_size(type, value)) return false;
    for (std::size_t index = 0; index < value.size(); ++index) {
        if (!accepts(type.types[std::min(index, type.types.size() - 1)], value[index])) return false;
    }
    return true;
}

bool accepts_hash(const Node& type, const Json& value) {
    if (!value.is_object() || !has_size(type, value)) return false;
    if (type.types.empty()) return true;
    return std::ranges::all_of(value.items(), [&](const auto& member) {
        return accepts(type.types[0], Json(member.key())) && accepts(type.types[1], member.value());
    });
}

bool accepts_structure(const Node& type, const Json& value) {
    if (!value.is_object()) return false;
    const bool has_all = std::ranges::all_of(type.members, [&](const PuppetMember& member) {
        const auto given = value.find(member.key);
        return given == value.end() ? member.may_be_absent : accepts(member.type, *given);
    });
    return has_all && std::ranges::all_of(value.items(), [&](const auto& given) {
               return std::ranges::any_of(
                   type.members, [&](const PuppetMember& member) { return member.key == given.key(); });
           });
}

/// All of JSON is Data.
bool accepts_data(const Json&) {
    return true;
}

bool accepts_boolean(const Node& type, const Json& value) {
    return value.is_boolean() && (!type.only || *type.only == value.get<bool>());
}

// ---- the nearest type of ours

Type wider_of(Type left, Type right) {
    const auto is_text = [](Type type) { return type == Type::string || type == Type::list; };
    const auto is_number = [](Type type) {
        return type == Type::integer || type == Type::floating || type == Type::number;
    };
    if (is_text(left) && is_text(right)) return Type::string;  // of two lists too: each has its own values
    if (left == right) return left;
    if (is_number(left) && is_number(right)) return Type::number;
    return Type::any;
}

Type nearest_of(const Node& type);

Type nearest_of_variant(const Node& type) {
    std::optional<Type> nearest;
    for (const Node& one : type.types) {
        if (one.kind == PuppetKind::undef) continue;
        nearest = nearest ? wider_of(*nearest, nearest_of(one)) : nearest_of(one);
    }
    return nearest.value_or(Type::any);
}

/// What is inside of Optional, NotUndef and Sensitive, however deep.
const Node& inner_of(const Node& type) {
    const bool is_wrapper = type.kind == PuppetKind::optional || type.kind == PuppetKind::not_undef ||
                            type.kind == PuppetKind::sensitive;
    return is_wrapper && !type.types.empty() ? inner_of(type.types.front()) : type;
}

Type nearest_of(const Node& type) {
    const Node& inner = inner_of(type);
    switch (inner.kind) {
        case PuppetKind::string:
        case PuppetKind::pattern: return Type::string;
        case PuppetKind::enumeration: return inner.ignores_case ? Type::string : Type::list;
        case PuppetKind::integer: return Type::integer;
        case PuppetKind::floating: return Type::floating;
        case PuppetKind::numeric: return Type::number;
        case PuppetKind::boolean: return Type::boolean;
        case PuppetKind::array:
        case PuppetKind::tuple: return Type::array;
        case PuppetKind::hash:
        case PuppetKind::structure: return Type::hash;
        case PuppetKind::variant: return nearest_of_variant(inner);
        case PuppetKind::any:
        case PuppetKind::data:
        case PuppetKind::scalar:
        case PuppetKind::undef:
        case PuppetKind::not_undef:
        case PuppetKind::optional:
        case PuppetKind::collection:
        case PuppetKind::sensitive: break;
    }
    return Type::any;
}

/// Of a type whose nearest one is a list.
const Node& enumeration_in(const Node& type) {
    const Node& inner = inner_of(type);
    if (inner.kind != PuppetKind::variant) return inner;
    return enumeration_in(
        *std::ranges::find_if(inner.types, [](const Node& one) { return one.kind != PuppetKind::undef; }));
}

}  // namespace

bool accepts(const Node& type, const Json& value) {
    const auto is_of = [&value](const Node& one) { return accepts(one, value); };
    switch (type.kind) {
        case PuppetKind::any:
        case PuppetKind::data: return accepts_data(value);
        case PuppetKind::scalar: return is_scalar(value);
        case PuppetKind::undef: return value.is_null();
        case PuppetKind::not_undef: return !value.is_null() && std::ranges::all_of(type.types, is_of);
        case PuppetKind::optional: return value.is_null() || std::ranges::all_of(type.types, is_of);
        case PuppetKind::variant: return std::ranges::any_of(type.types, is_of);
        case PuppetKind::string: return accepts_string(type, value);
        case PuppetKind::pattern: return accepts_pattern(type, value);
        case PuppetKind::enumeration: return accepts_enumeration(type, value);
        case PuppetKind::integer: return accepts_integer(type, value);
        case PuppetKind::floating: return accepts_float(type, value);
        case PuppetKind::numeric: return value.is_number();
        case PuppetKind::boolean: return accepts_boolean(type, value);
        case PuppetKind::array: return accepts_array(type, value);
        case PuppetKind::tuple: return accepts_tuple(type, value);
        case PuppetKind::hash: return accepts_hash(type, value);
        case PuppetKind::structure: return accepts_structure(type, value);
        case PuppetKind::collection: return value.is_structured() && has_size(type, value);
        case PuppetKind::sensitive: return std::ranges::all_of(type.types, is_of);
    }
    return false;
}

Result<PuppetType> PuppetType::parse(std::string_view text) {
    Result<Node> root = parse_puppet_type(text);
    if (!root) return root.error();
    PuppetType type;
    type.text_ = text;
    type.root_ = std::make_shared<const Node>(std::move(*root));
    return type;
}

bool PuppetType::accepts(const Json& value) const {
    return !root_ || ddl::accepts(*root_, value);
}

Type PuppetType::nearest() const {
    return root_ ? nearest_of(*root_) : Type::any;
}

std::vector<Json> PuppetType::values() const {
    if (nearest() != Type::list) return {};
    const Node& list = enumeration_in(*root_);
    return {list.texts.begin(), list.texts.end()};
}

}  // namespace hocket::ddl
