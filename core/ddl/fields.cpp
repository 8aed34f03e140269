#include "core/ddl/fields.h"

#include <algorithm>
#include <cmath>

#include "core/base/text.h"
#include "core/ddl/number_text.h"

namespace hocket::ddl {

namespace {

constexpr std::size_t k_quoted_bytes = 40;
constexpr std::size_t k_usual_keys = 16;

/// An integer of the source, if the node is one; 10.0 is.
std::optional<std::int64_t> integer_of(const SourceNode& node) {
    if (node.value.is_number_integer()) return node.value.get<std::int64_t>();
    if (!node.value.is_number_float()) return std::nullopt;
    const double value = node.value.get<double>();
    if (std::trunc(value) != value || std::abs(value) >= 0x1p63) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

std::optional<std::int64_t> integer_in_string(const SourceNode& node) {
    if (!node.value.is_string()) return std::nullopt;
    const NumberText number = read_number(node.value.get_ref<const std::string&>());
    if (number.kind != NumberText::Kind::integer) return std::nullopt;
    return number.integer;
}

std::string join_words(std::span<const std::string_view> words) {
    const std::vector<std::string> all(words.begin(), words.end());
    return join(all, ", ");
}

}  // namespace

void ReadContext::object_to(Warning warning, std::size_t offset, std::string message, std::string hint) {
    if (dialect == Dialect::hocket) {
        report.error(offset, std::move(message), std::move(hint));
    } else {
        report.warning(warning, offset, std::move(message), std::move(hint));
    }
}

std::string describe_node(const SourceNode& node) {
    if (node.kind == SourceNode::Kind::array) return "an array";
    if (node.kind == SourceNode::Kind::object) return "an object";
    if (node.value.is_string()) {
        return "the string " + quote_bytes(node.value.get_ref<const std::string&>(), k_quoted_bytes);
    }
    if (node.value.is_number()) {
        return "the number " + (node.plain.empty() ? dump_json(node.value) : node.plain);
    }
    return dump_json(node.value);
}

Fields::Fields(const SourceNode& object, std::string owner, ReadContext& context)
    : object_(object), owner_(std::move(owner)), context_(context) {
    known_.reserve(k_usual_keys);
}

const SourceNode* Fields::find(std::string_view key) {
    known_.emplace_back(key);
    return object_.find(key);
}

const SourceNode* Fields::find_kind(std::string_view key, SourceNode::Kind kind,
                                    std::string_view expected_kind) {
    const SourceNode* const node = find(key);
    if (node == nullptr || node->kind == kind) return node;
    expected(key, expected_kind, *node);
    return nullptr;
}

const SourceNode* Fields::find_object(std::string_view key) {
    return find_kind(key, SourceNode::Kind::object, "an object");
}

const SourceNode* Fields::find_array(std::string_view key) {
    return find_kind(key, SourceNode::Kind::array, "an array");
}

std::optional<std::string> Fields::text(std::string_view key) {
    const SourceNode* const node = find(key);
    if (node == nullptr) return std::nullopt;
    if (node->value.is_string()) return node->value.get<std::string>();
    expected(key, "a string", *node,
             node->plain.empty() ? "" : "write it in quotes: \"" + node->plain + "\"");
    return std::nullopt;
}

std::optional<bool> Fields::flag(std::string_view key) {
    const SourceNode* const node = find(key);
    if (node == nullptr) return std::nullopt;
    if (node->value.is_boolean()) return node->value.get<bool>();
    expected(key, "true or false", *node);
    return std::nullopt;
}

std::optional<std::int64_t> Fields::integer(std::string_view key, Range range) {
    const SourceNode* const node = find(key);
    if (node == nullptr) return std::nullopt;
    std::optional<std::int64_t> value = integer_of(*node);
    if (!value) {
        value = integer_in_string(*node);
        if (!value) {
            expected(key, "an integer", *node);
            return std::nullopt;
        }
        context_.report.warning(Warning::number_in_string, node->offset,
                                "'" + std::string(key) + "' of " + owner_ + " is " + describe_node(*node) +
                                    ", taken as a number");
    }
    if (*value >= range.minimum && *value <= range.maximum) return value;
    expected(key, "from " + std::to_string(range.minimum) + " to " + std::to_string(range.maximum), *node);
    return std::nullopt;
}

std::optional<std::size_t> Fields::choice(std::string_view key, std::span<const std::string_view> words) {
    const std::optional<std::string> word = text(key);
    if (!word) return std::nullopt;
    const auto found = std::find(words.begin(), words.end(), *word);
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    expected(key, "one of " + join_words(words), *find(key),
             did_you_mean(*word, std::vector<std::string>(words.begin(), words.end())));
    return std::nullopt;
}

bool Fields::require(std::string_view key) {
    if (find(key) != nullptr) return true;
    if (context_.is_partial) return false;
    context_.report.error(offset_of(key), owner_ + " lacks '" + std::string(key) + "'");
    return false;
}

std::string Fields::required_text(std::string_view key) {
    if (!require(key)) return {};
    std::optional<std::string> found = text(key);
    if (found && trim(*found).empty())
        context_.report.warning(Warning::empty_text, offset_of(key),
                                "'" + std::string(key) + "' of " + owner_ + " is empty");
    return std::move(found).value_or(std::string());
}

std::string Fields::required_name(std::string_view key, bool (*is_name)(std::string_view)) {
    if (!require(key)) return {};
    const std::optional<std::string> name = text(key);
    if (!name || is_name(*name)) return name.value_or(std::string());
    context_.report.error(offset_of(key), quote_bytes(*name, k_quoted_bytes) + " is not a name",
                          "1 to 64 lower-case letters, digits and underscores");
    return {};
}

void Fields::guard(std::string_view key) {
    for (const Member& member : object_.members) {
        const bool is_null = member.key == key && member.value.is_null();
        const bool looks_like_it = member.key != key && member.key != "$allow" &&
                                   !did_you_mean(member.key, {std::string(key)}).empty();
        if (!is_null && !looks_like_it) continue;
        known_.push_back(member.key);
        context_.report.error(
            member.offset,
            is_null ? "'" + std::string(key) + "' of " + owner_ + " is null"
                    : "unknown key '" + escape_text(member.key) + "' in " + owner_,
            is_null ? "leave it out, or say what it is" : "did you mean '" + std::string(key) + "'?");
    }
}

void Fields::refuse_unknown(std::span<const std::string_view> ignored) {
    for (const Member& member : object_.members) {
        if (std::find(known_.begin(), known_.end(), member.key) != known_.end()) continue;
        const std::string key = "'" + escape_text(member.key.substr(0, k_quoted_bytes)) + "'";
        if (std::find(ignored.begin(), ignored.end(), member.key) != ignored.end()) {
            context_.report.warning(Warning::ignored_key, member.offset,
                                    key + " of " + owner_ + " is Choria's and ignored");
        } else {
            context_.object_to(Warning::unknown_key, member.offset, "unknown key " + key + " in " + owner_,
                               did_you_mean(member.key, known_));
        }
    }
}

std::size_t Fields::offset_of(std::string_view key) const {
    for (const Member& member : object_.members) {
        if (member.key == key) return member.value.offset;
    }
    return object_.offset;
}

void Fields::expected(std::string_view key, std::string_view what, const SourceNode& found,
                      std::string hint) {
    context_.report.error(found.offset,
                          "'" + std::string(key) + "' of " + owner_ + " must be " + std::string(what) +
                              ", not " + describe_node(found),
                          std::move(hint));
}

}  // namespace hocket::ddl
