#include "core/ddl/field_reader.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "core/base/names.h"
#include "core/base/text.h"
#include "core/ddl/number_text.h"
#include "core/ddl/regex_advice.h"
#include "core/ddl/value_check.h"

namespace hocket::ddl {

namespace {

constexpr std::int64_t k_max_maxlength = std::numeric_limits<std::int32_t>::max();

/// Reports a name off the grammar, and one that differs from an earlier name in case alone: both would become
/// the same HOCKET_INPUT_ variable.
void check_name(const Member& member, const std::string& owner, std::map<std::string, const Member*>& seen,
                ReadContext& context) {
    if (!is_input_name(member.key)) {
        context.report.error(member.offset, owner + " breaks the grammar of names",
                             "1 to 64 letters, digits and underscores");
    }
    const auto [other, is_new] = seen.emplace(to_lower_ascii(member.key), &member);
    const Member& first = *other->second;
    if (!is_new && first.key != member.key) {
        context.report.error(member.offset,
                             owner + " is '" + first.key + "' ignoring case, and that is declared too", "",
                             {{first.offset, "it is declared here"}});
    }
}

std::vector<std::string> type_words() {
    return {k_type_words.begin(), k_type_words.end()};
}

/// The type that a word names. Choria writes Hash and Array with capitals.
std::optional<Type> type_of(const std::string& word) {
    const std::string name = word == "Hash" || word == "Array" ? to_lower_ascii(word) : word;
    const auto found = std::find(k_type_words.begin(), k_type_words.end(), name);
    if (found == k_type_words.end()) return std::nullopt;
    return static_cast<Type>(found - k_type_words.begin());
}

/// Types as other languages call them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> k_foreign_types = {{
    {"int", "integer"},
    {"long", "integer"},
    {"str", "string"},
    {"text", "string"},
    {"bool", "boolean"},
    {"double", "float"},
    {"enum", "list"},
    {"object", "hash"},
    {"dict", "hash"},
    {"map", "hash"},
}};

std::string suggested_type(const std::string& word) {
    const std::string lower = to_lower_ascii(word);
    for (const auto& [foreign, ours] : k_foreign_types) {
        if (lower == foreign) return "did you mean '" + std::string(ours) + "'?";
    }
    return did_you_mean(lower, type_words());
}

/// `not_there`: the one that is not for this place.
std::string unknown_type(const std::string& owner, const std::string& word, std::string_view not_there = "") {
    std::vector<std::string> words = type_words();
    std::erase(words, not_there);
    return "unknown type '" + word + "' of " + owner + "; there are " + join(words, ", ");
}

PuppetType read_puppet_type(Fields& fields, ReadContext& context) {
    const std::optional<std::string> text = fields.text("puppet_type");
    if (!text) return {};
    Result<PuppetType> type = PuppetType::parse(*text);
    if (type) return std::move(*type);
    context.report.error(fields.offset_of("puppet_type"),
                         "'puppet_type' of " + fields.owner() + ": " + type.error().message);
    return {};
}

/// MCollective refuses `any`, though its documentation has it.
std::optional<Type> read_input_type(Fields& fields, ReadContext& context) {
    if (!fields.require("type")) return std::nullopt;
    const std::optional<std::string> word = fields.text("type");
    if (!word) return std::nullopt;
    std::optional<Type> type = type_of(*word);
    if (type == Type::any && context.dialect == Dialect::mcollective) type.reset();
    if (!type) {
        const bool has_any = context.dialect != Dialect::mcollective;
        context.report.error(fields.offset_of("type"),
                             unknown_type(fields.owner(), *word, has_any ? "" : "any"),
                             suggested_type(*word));
    }
    return type;
}

/// The nearest one of its Puppet type, if it says no other.
std::optional<Type> read_type_of(Input& input, Fields& fields, ReadContext& context) {
    const bool has_puppet_type = fields.find("puppet_type") != nullptr;
    input.puppet_type = read_puppet_type(fields, context);
    if (!has_puppet_type || fields.find("type") != nullptr) return read_input_type(fields, context);
    return input.puppet_type.nearest();
}

std::optional<Type> read_output_type(Fields& fields, ReadContext& context) {
    const std::optional<std::string> word = fields.text("type");
    if (!word) return std::nullopt;
    const std::optional<Type> type = type_of(*word);
    if (type == Type::any) return std::nullopt;  // the same as none
    if (type && *type != Type::list) return type;
    // Choria never checks outputs, so its DDLs have types there that nobody knows.
    if (type) {
        context.object_to(Warning::output_type, fields.offset_of("type"),
                          "'type' of " + fields.owner() + " cannot be list", "array is for several values");
    } else {
        context.object_to(Warning::output_type, fields.offset_of("type"),
                          unknown_type(fields.owner(), *word, "list"), suggested_type(*word));
    }
    return std::nullopt;
}

void check_name_of_validator(const Validation& validation, const std::string& owner, std::size_t offset,
                             ReadContext& context) {
    if (validation.validator() != Validator::regex || !looks_like_validator(validation.text())) return;
    const std::vector<std::string> names = context.validators.names();
    const std::string meant = did_you_mean(validation.text(), names);
    const std::string hint = meant.empty() ? "the validators are " + join(names, ", ") : meant;
    if (context.dialect ==
        Dialect::mcollective) {  // its patterns cannot be taken for names: this was a symbol
        context.report.error(
            offset, "'validation' of " + owner + ": no validator is named '" + validation.text() + "'", hint);
        return;
    }
    context.report.warning(Warning::unknown_validator, offset,
                           "'validation' of " + owner + ": no validator is named '" + validation.text() +
                               "', and as a regular expression it would ask for that word",
                           hint);
}

Validation read_validation(Fields& fields, ReadContext& context) {
    const std::optional<std::string> text = fields.text("validation");
    if (!text) return {};
    const std::size_t offset = fields.offset_of("validation");
    const Result<Validation> validation =
        Validation::compile(*text, &context.validators, context.regexes.get());
    if (!validation) {
        context.report.error(offset, "'validation' of " + fields.owner() + ": " + validation.error().message,
                             foreign_regex_feature(*text, validation.error().message));
        return {};
    }
    check_name_of_validator(*validation, fields.owner(), offset, context);
    return *validation;
}

void read_text_limits(Fields& fields, Input& input, ReadContext& context) {
    input.validation = read_validation(fields, context);
    if (fields.find("maxlength") == nullptr) {
        if (!input.puppet_type.text().empty()) return;  // which limits it, or says that nothing does
        context.report.warning(Warning::no_maxlength, fields.offset(),
                               fields.owner() + " has no 'maxlength': its length is unlimited",
                               "a 'maxlength' of 0 says so on purpose");
        return;
    }
    input.maxlength = static_cast<std::size_t>(fields.integer("maxlength", {0, k_max_maxlength}).value_or(0));
}

void read_list(Fields& fields, Input& input, ReadContext& context) {
    input.list = input.puppet_type.values();
    if (!input.list.empty() && fields.find("list") == nullptr) return;
    input.list.clear();
    if (!fields.require("list")) return;
    const SourceNode* const list = fields.find_array("list");
    if (list == nullptr) return;
    if (list->items.empty()) context.report.error(list->offset, "'list' of " + fields.owner() + " is empty");
    for (const SourceNode& item : list->items) {
        if (item.kind != SourceNode::Kind::scalar || item.is_null()) {
            context.report.error(item.offset, "'list' of " + fields.owner() +
                                                  " may hold strings, numbers and booleans, not " +
                                                  describe_node(item));
            continue;
        }
        input.list.push_back(item.value);
    }
}

/// Choria DDLs carry `maxlength` and `validation` beside types that have none.
void ignore_inapplicable(Fields& fields, Type type, ReadContext& context) {
    const auto ignore = [&](std::string_view key) {
        if (fields.find(key) == nullptr) return;
        context.report.warning(Warning::ignored_key, fields.offset_of(key),
                               "'" + std::string(key) + "' of " + fields.owner() +
                                   " means nothing for the type " + std::string(to_string(type)));
    };
    if (type != Type::string) {
        ignore("validation");
        ignore("maxlength");
    }
    if (type != Type::list) ignore("list");
}

/// A default as the source has it; a numeric string becomes the number that its type asks for.
std::optional<Json> read_default(Fields& fields, std::optional<Type> type, ReadContext& context) {
    const SourceNode* const node = fields.find("default");
    if (node == nullptr) return std::nullopt;
    const bool numeric = type == Type::integer || type == Type::floating || type == Type::number;
    if (numeric && node->value.is_string()) {
        std::optional<Json> number = number_from_text(node->value.get_ref<const std::string&>());
        if (number) {
            context.report.warning(Warning::number_in_string, node->offset,
                                   "'default' of " + fields.owner() + " is a string, taken as a number");
            return number;
        }
    }
    return node->to_json();
}

template <class Field>
void read_default_into(Field& field, std::optional<Type> type, Fields& fields, ReadContext& context) {
    std::optional<Json> value = read_default(fields, type, context);
    if (!value) return;
    const std::vector<Breach> breaches = check_value(field, *value);
    for (const Breach& breach : breaches) {
        context.report.error(fields.offset_of("default"),
                             "'default' of " + fields.owner() + " " + breach.message);
    }
    if (breaches.empty()) field.default_value = std::move(*value);
}

void refuse_bounds(Fields& fields, Type type, ReadContext& context) {
    const bool is_number = type == Type::integer || type == Type::floating || type == Type::number;
    if (!is_number) return;
    const std::string example = type == Type::integer ? "Integer[1, 10]" : "Float[1, 10]";
    for (const std::string_view key : {"min", "max", "minimum", "maximum"}) {
        if (fields.find(key) == nullptr) continue;
        context.object_to(Warning::unknown_key, fields.offset_of(key),
                          "unknown key '" + std::string(key) + "' in " + fields.owner(),
                          "bounds are written as puppet_type: '" + example + "'");
    }
}

Input read_input(const Member& member, const std::string& owner, ReadContext& context) {
    Fields fields(member.value, owner, context);
    Input input;
    input.name = member.key;
    input.at = context.report.source().locate(member.offset);
    input.prompt = fields.required_text("prompt");
    input.description = fields.required_text("description");
    input.optional = fields.flag("optional").value_or(false);
    input.sensitive = fields.flag("sensitive").value_or(false);
    if (const std::optional<Type> type = read_type_of(input, fields, context)) {
        input.type = *type;
        if (*type == Type::string) read_text_limits(fields, input, context);
        if (*type == Type::list) read_list(fields, input, context);
        ignore_inapplicable(fields, *type, context);
        refuse_bounds(fields, *type, context);
        read_default_into(input, type, fields, context);
        if (input.sensitive && input.default_value) {
            context.report.error(
                fields.offset_of("default"),
                owner + " is sensitive and has a default: whoever may see the DDL would see it");
        }
    }
    // Known keys, even when the type that decides about them is not.
    for (const std::string_view key : {"validation", "maxlength", "list", "default"})
        fields.find(key);
    fields.refuse_unknown();
    return input;
}

Output read_output(const Member& member, const std::string& owner, ReadContext& context) {
    Fields fields(member.value, owner, context);
    Output output;
    output.name = member.key;
    output.at = context.report.source().locate(member.offset);
    output.description = fields.required_text("description");
    output.display_as = fields.required_text("display_as");
    output.sensitive = fields.flag("sensitive").value_or(false);
    output.type = read_output_type(fields, context);
    read_default_into(output, output.type, fields, context);
    fields.refuse_unknown();
    return output;
}

/// The order of a source has no meaning, so fields stand by name whatever they were read from.
template <class Field, class ReadOne>
std::vector<Field> read_all(const SourceNode& object, std::string_view noun, const std::string& action,
                            ReadOne read_one, ReadContext& context) {
    std::vector<Field> fields;
    std::map<std::string, const Member*> seen;
    for (const Member& member : object.members) {
        const std::string owner = std::string(noun) + " '" + member.key + "' of " + action;
        check_name(member, owner, seen, context);
        if (member.value.kind == SourceNode::Kind::object) {
            fields.push_back(read_one(member, owner, context));
        } else {
            context.report.error(member.value.offset,
                                 owner + " must be an object, not " + describe_node(member.value));
        }
    }
    std::sort(fields.begin(), fields.end(),
              [](const Field& left, const Field& right) { return left.name < right.name; });
    return fields;
}

}  // namespace

std::vector<Input> read_inputs(const SourceNode& inputs, const std::string& action, ReadContext& context) {
    return read_all<Input>(inputs, "input", action, read_input, context);
}

Input read_query(const SourceNode& query, ReadContext& context) {
    return read_input({"query", query.offset, query}, "the query", context);
}

std::vector<Output> read_outputs(const SourceNode& outputs, const std::string& action, ReadContext& context) {
    return read_all<Output>(outputs, "output", action, read_output, context);
}

}  // namespace hocket::ddl
