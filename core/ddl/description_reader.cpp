#include "core/ddl/description_reader.h"

#include <algorithm>
#include <array>

#include "core/base/names.h"
#include "core/ddl/validator_reader.h"

namespace hocket::ddl {

namespace {

constexpr std::array<std::string_view, 1> k_ignored_metadata = {"service"};

/// MCollective knows a plugin by its file; in the metadata stands a title for people. Agents nearly always have the name.
std::string read_name(Fields& fields, Kind kind, ReadContext& context) {
    if (context.dialect != Dialect::mcollective) return fields.required_name("name", is_agent_name);
    if (!fields.require("name")) return {};
    const std::optional<std::string> title = fields.text("name");
    if (!title || is_agent_name(*title)) return title.value_or("");
    if (!is_agent_name(context.name)) return fields.required_name("name", is_agent_name);
    if (kind == Kind::agent) {
        context.report.warning(Warning::name_from_file, fields.offset_of("name"),
                               "the name is a title, so it is called '" + context.name + "' as its file is");
    }
    return context.name;
}

/// An agent has actions, a data plugin outputs or a query (Choria's do not say their kind).
Kind kind_by_keys(const SourceNode& root, Kind usual) {
    const auto has = [&](std::string_view key) {
        return std::ranges::any_of(root.members, [&](const Member& member) { return member.key == key; });
    };
    if (has("actions")) return Kind::agent;
    if (has("query") || has("output")) return Kind::data;
    return has("run") ? Kind::agent : usual;
}

std::vector<Capability> read_capabilities(Fields& fields, ReadContext& context) {
    std::vector<Capability> capabilities;
    const SourceNode* const list =
        fields.require("capabilities") ? fields.find_array("capabilities") : nullptr;
    if (list == nullptr) return capabilities;
    for (const SourceNode& item : list->items) {
        const auto found = item.value.is_string()
                               ? std::ranges::find(k_capability_words, item.value.get<std::string>())
                               : k_capability_words.end();
        if (found == k_capability_words.end()) {
            context.report.error(item.offset, describe_node(item) +
                                                  " is no capability: there are classes, facts, identity, "
                                                  "agents, compound");
            continue;
        }
        capabilities.push_back(static_cast<Capability>(found - k_capability_words.begin()));
    }
    std::ranges::sort(capabilities);
    if (list->items.empty()) context.report.error(list->offset, "'capabilities' is empty");
    return capabilities;
}

Description read_kind(Kind kind, Fields& fields, Metadata metadata, ReadContext& context) {
    switch (kind) {
        case Kind::agent: return read_agent(fields, std::move(metadata), context);
        case Kind::data: return read_data(fields, std::move(metadata), context);
        case Kind::discovery:
            return OtherPlugin{kind, std::move(metadata), read_capabilities(fields, context)};
        case Kind::validator:
        case Kind::aggregate:
        case Kind::plugin: break;
    }
    return OtherPlugin{kind, std::move(metadata), {}};
}

}  // namespace

Metadata read_metadata(const SourceNode& node, Kind kind, ReadContext& context) {
    Fields fields(node, "metadata", context);
    Metadata metadata;
    metadata.name = read_name(fields, kind, context);
    metadata.at = context.report.source().locate(fields.offset_of("name"));
    metadata.description = fields.required_text("description");
    metadata.author = fields.required_text("author");
    metadata.license = fields.required_text("license");
    metadata.version = fields.required_text("version");
    metadata.url = fields.required_text("url");
    metadata.provider = fields.text("provider").value_or("");
    metadata.usage = fields.text("usage").value_or("");
    if (fields.require("timeout")) {
        const bool runs = kind == Kind::agent || kind == Kind::data;
        const Range range = runs ? k_timeout_range : Range{0, k_timeout_range.maximum};
        metadata.timeout_s = static_cast<int>(fields.integer("timeout", range).value_or(1));
    }
    fields.refuse_unknown(k_ignored_metadata);
    return metadata;
}

Description read_description(const SourceNode& root, Kind usual, ReadContext& context) {
    if (root.kind != SourceNode::Kind::object) {
        context.report.error(root.offset, "a DDL must be an object, not " + describe_node(root));
        return Agent();
    }
    Fields fields(root, "the DDL", context);
    fields.find("$schema");
    fields.find("$allow");
    const std::optional<std::size_t> word = fields.choice("kind", k_kind_words);
    const Kind kind = word ? static_cast<Kind>(*word) : kind_by_keys(root, usual);
    const bool is_kind_known = word || fields.find("kind") == nullptr;
    Metadata metadata;
    if (fields.require("metadata")) {
        if (const SourceNode* const node = fields.find_object("metadata"))
            metadata = read_metadata(*node, kind, context);
    }
    if (const SourceNode* const declared = fields.find_object("validators"))
        read_validators(*declared, context.validators, context);
    if (!is_kind_known) return OtherPlugin{kind, std::move(metadata), {}};
    Description description = read_kind(kind, fields, std::move(metadata), context);
    fields.refuse_unknown();
    return description;
}

}  // namespace hocket::ddl
