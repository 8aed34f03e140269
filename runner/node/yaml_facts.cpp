#include "runner/node/yaml_facts.h"

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include "core/base/ascii.h"
#include "core/base/text.h"

namespace hocket::node {

namespace {

constexpr int k_max_depth = 32;
// Aliases of aliases make a small file endless.
constexpr std::size_t k_max_nodes = 100'000;

Error malformed(const YAML::Mark& mark, const std::string& reason) {
    const std::string line = mark.is_null() ? "" : "line " + std::to_string(mark.line + 1) + ": ";
    return {ErrorCode::malformed_message, line + reason, {}};
}

Json plain_scalar(const std::string& text) {
    if (text == "true" || text == "True" || text == "TRUE") return true;
    if (text == "false" || text == "False" || text == "FALSE") return false;
    const bool may_be_number = !text.empty() && (text.front() == '-' || is_digit(text.front()));
    if (!may_be_number) return text;
    const Result<Json> value = parse_json_value(text);
    return value && value->is_number() ? *value : Json(text);
}

class Converter {
public:
    Result<Json> convert(const YAML::Node& node, int depth);

private:
    Result<Json> convert_mapping(const YAML::Node& node, int depth);
    Result<Json> convert_sequence(const YAML::Node& node, int depth);

    std::size_t nodes_ = 0;
};

Result<Json> Converter::convert(const YAML::Node& node, int depth) {
    if (depth > k_max_depth) {
        return malformed(node.Mark(), "nested deeper than " + std::to_string(k_max_depth) + " levels");
    }
    if (++nodes_ > k_max_nodes) {
        return malformed(node.Mark(),
                         "more than " + std::to_string(k_max_nodes) + " values, aliases followed");
    }
    switch (node.Type()) {
        case YAML::NodeType::Map: return convert_mapping(node, depth);
        case YAML::NodeType::Sequence: return convert_sequence(node, depth);
        // The tag "?" marks what was written without quotes and without a tag.
        case YAML::NodeType::Scalar:
            return node.Tag() == "?" ? plain_scalar(node.Scalar()) : Json(node.Scalar());
        case YAML::NodeType::Null:
        case YAML::NodeType::Undefined: return Json(nullptr);
    }
    return Json(nullptr);
}

Result<Json> Converter::convert_mapping(const YAML::Node& node, int depth) {
    Json object = Json::object();
    for (const auto& member : node) {
        if (!member.first.IsScalar()) return malformed(member.first.Mark(), "a key is not a plain text");
        const std::string& key = member.first.Scalar();
        if (object.contains(key)) return malformed(member.first.Mark(), "duplicate key " + quote_bytes(key));
        Result<Json> value = convert(member.second, depth + 1);
        if (!value) return value.error();
        object[key] = std::move(*value);
    }
    return object;
}

Result<Json> Converter::convert_sequence(const YAML::Node& node, int depth) {
    Json array = Json::array();
    for (const YAML::Node& element : node) {
        Result<Json> value = convert(element, depth + 1);
        if (!value) return value.error();
        array.push_back(std::move(*value));
    }
    return array;
}

Result<Json> convert_document(const std::string& text) {
    const std::vector<YAML::Node> documents = YAML::LoadAll(text);
    if (documents.empty() || (documents.size() == 1 && documents.front().IsNull())) return Json::object();
    if (documents.size() > 1) return malformed(documents[1].Mark(), "a second document");
    if (!documents.front().IsMap())
        return malformed(documents.front().Mark(), "a mapping of facts is expected");
    return Converter().convert(documents.front(), 1);
}

}  // namespace

Result<Json> parse_yaml_facts(std::string_view text) {
    if (!is_utf8(text)) return Error{ErrorCode::malformed_message, "not UTF-8", {}};
    try {
        return convert_document(std::string(text));
    } catch (const YAML::Exception& error) {
        return malformed(error.mark, error.msg);
    }
}

}  // namespace hocket::node
