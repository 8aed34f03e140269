#include "ddl-compiler/back_ends/markdown.h"

#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "core/ddl/help.h"
#include "core/ddl/value_check.h"
#include "ddl-compiler/back_ends/example_call.h"
#include "ddl-compiler/back_ends/markdown_text.h"
#include "ddl-compiler/back_ends/text_lines.h"

namespace hocket::ddl_compiler {

namespace {

std::string write_head(const ddl::Description& description) {
    const ddl::Metadata& metadata = metadata_of(description);
    std::vector<MarkdownRow> rows = {{"Kind", std::string(to_string(kind_of(description)))},
                                     {"Version", markdown_line(metadata.version)}};
    for (const ddl::Fact& fact : facts_of(metadata))
        rows.push_back({label_text(fact.label), markdown_line(fact.text)});
    std::string text = "# " + markdown_line(metadata.name) + "\n\n" +
                       markdown_paragraphs(metadata.description) + "\n" + markdown_table({"", ""}, rows);
    if (!metadata.usage.empty()) text += "\n## Usage\n\n" + markdown_block(metadata.usage, "text");
    return text;
}

std::string listed(const std::string& value) {
    return value.empty() ? "the empty text" : markdown_code(value);
}

/// The rules of a value in words; patterns and values among them are code.
std::string allowed_values(const ddl::Input& input) {
    std::vector<std::string> words;
    if (input.validation.validator() == ddl::Validator::regex) {
        words.push_back("text that matches " + markdown_code(input.validation.text()));
    } else if (input.validation.validator() != ddl::Validator::none) {
        words.push_back(markdown_line(input.validation.describe()));
    }
    for (const Json& value : input.list)
        words.push_back(listed(ddl::text_form(value)));
    if (const std::string length = describe_length(input); !length.empty()) words.push_back(length);
    return join(words, input.list.empty() ? "; " : ", ");
}

MarkdownRow input_row(const ddl::Input& input) {
    return {markdown_code(input.name),
            std::string(to_string(input.type)) + (input.sensitive ? ", sensitive" : ""),
            input.is_required() ? "yes" : "no",
            markdown_code(default_text(input.default_value, input.sensitive)),
            allowed_values(input),
            markdown_line(input.description)};
}

std::string write_inputs(const std::vector<ddl::Input>& inputs) {
    std::vector<MarkdownRow> rows;
    for (const ddl::Input& input : ddl::required_first(inputs))
        rows.push_back(input_row(input));
    return markdown_table({"Input", "Type", "Required", "Default", "Allowed", "Description"}, rows);
}

MarkdownRow output_row(const ddl::Output& output) {
    return {markdown_code(output.name), describe_type(output) + (output.sensitive ? ", sensitive" : ""),
            markdown_line(output.display_as),
            markdown_code(default_text(output.default_value, output.sensitive)),
            markdown_line(output.description)};
}

std::string write_outputs(const std::vector<ddl::Output>& outputs) {
    std::vector<MarkdownRow> rows;
    for (const ddl::Output& output : outputs)
        rows.push_back(output_row(output));
    return markdown_table({"Output", "Type", "Shown as", "Default", "Description"}, rows);
}

std::string write_aggregates(const std::vector<ddl::Aggregate>& aggregates) {
    std::string list;
    for (const ddl::Aggregate& aggregate : aggregates)
        list += "- " + markdown_code(describe(aggregate)) + "\n";
    return list;
}

std::string write_action(const ddl::Agent& agent, const ddl::Action& action) {
    std::string text =
        "\n## Action " + markdown_code(action.name) + "\n\n" + markdown_paragraphs(action.description) + "\n";
    for (const ddl::Fact& fact : facts_of(agent, action))
        text += "- " + label_text(fact.label) + ": " + markdown_line(fact.text) + "\n";
    text += action.inputs.empty() ? "\nNo inputs.\n" : "\n" + write_inputs(action.inputs);
    text += action.outputs.empty() ? "\nNo declared outputs.\n" : "\n" + write_outputs(action.outputs);
    if (!action.aggregates.empty()) {
        text += "\nSummaries over all nodes:\n\n" + write_aggregates(action.aggregates);
    }
    return text + "\nExample:\n\n" + markdown_block(example_call(agent, action), "sh");
}

std::string write_body(const ddl::Agent& agent) {
    std::string text;
    if (const std::string allow = describe_allow(agent); !allow.empty()) text = "\n" + allow + "\n";
    for (const ddl::Action& action : agent.actions)
        text += write_action(agent, action);
    return text;
}

std::string write_body(const ddl::DataPlugin& plugin) {
    std::string text = "\n## Query\n\n";
    text += plugin.query ? write_inputs({*plugin.query}) : "No query.\n";
    if (plugin.ttl_s != 0) text += "\nAn answer may be " + std::to_string(plugin.ttl_s) + " s old.\n";
    return text + "\n## Outputs\n\n" +
           (plugin.outputs.empty() ? "No declared outputs.\n" : write_outputs(plugin.outputs));
}

std::string write_body(const ddl::OtherPlugin& plugin) {
    if (plugin.capabilities.empty()) return {};
    std::string text = "\n## Capabilities\n\nIt can filter by\n\n";
    for (const ddl::Capability capability : plugin.capabilities)
        text += "- " + std::string(to_string(capability)) + "\n";
    return text;
}

}  // namespace

std::string write_markdown(const ddl::Description& description) {
    return write_head(description) + std::visit([](const auto& one) { return write_body(one); }, description);
}

}  // namespace hocket::ddl_compiler
