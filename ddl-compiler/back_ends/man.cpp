#include "ddl-compiler/back_ends/man.h"

#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "core/ddl/help.h"
#include "ddl-compiler/back_ends/example_call.h"
#include "ddl-compiler/back_ends/roff.h"
#include "ddl-compiler/back_ends/text_lines.h"

namespace hocket::ddl_compiler {

namespace {

std::string first_line(std::string_view text) {
    return split(trim(text), '\n').front();
}

std::string section(std::string_view title) {
    return ".SH " + std::string(title) + "\n";
}

/// An item of a list: what it is about in bold, and below it lines of text.
std::string item(const std::string& term, const std::vector<std::string>& lines) {
    std::string text = ".TP\n.B " + roff_literal(term) + "\n";
    for (const std::string& line : lines)
        text += (&line == &lines.front() ? "" : ".br\n") + line + "\n";
    return text;
}

void add_default(std::vector<std::string>& lines, const std::optional<Json>& value, bool sensitive) {
    if (value) lines.push_back("default: " + roff_literal(default_text(value, sensitive)));
}

void add_description(std::vector<std::string>& lines, std::string_view description) {
    if (std::string line = roff_line(description); !line.empty()) lines.push_back(std::move(line));
}

std::string input_item(const ddl::Input& input) {
    std::vector<std::string> lines = {describe_limits(input)};
    add_description(lines, input.description);
    for (const std::string& rule : rules_of(input))
        lines.push_back(roff_literal(rule));
    add_default(lines, input.default_value, input.sensitive);
    return item(input.name, lines);
}

std::string output_item(const ddl::Output& output) {
    std::vector<std::string> lines = {describe_type(output) + (output.sensitive ? ", sensitive" : "")};
    add_description(lines, output.description);
    add_default(lines, output.default_value, output.sensitive);
    return item(output.name, lines);
}

std::string input_items(const std::vector<ddl::Input>& inputs) {
    std::string items;
    for (const ddl::Input& input : ddl::required_first(inputs))
        items += input_item(input);
    return items;
}

std::string output_items(const std::vector<ddl::Output>& outputs) {
    std::string items;
    for (const ddl::Output& output : outputs)
        items += output_item(output);
    return items;
}

std::string summary_items(const std::vector<ddl::Aggregate>& aggregates) {
    std::string items;
    for (const ddl::Aggregate& aggregate : aggregates)
        items += (items.empty() ? "" : ".br\n") + roff_literal(describe(aggregate)) + "\n";
    return items;
}

/// A list under a title, a step to the right.
std::string titled(std::string_view title, const std::string& items, std::string_view none) {
    if (items.empty()) return ".PP\n" + std::string(none) + "\n";
    return ".PP\n" + std::string(title) + "\n.RS 4\n" + items + ".RE\n";
}

std::string write_action(const ddl::Agent& agent, const ddl::Action& action) {
    std::string text = ".SS " + roff_literal(action.name) + "\n" + roff_paragraphs(action.description);
    std::string facts;
    for (const ddl::Fact& fact : facts_of(agent, action))
        facts +=
            (facts.empty() ? ".PP\n" : ".br\n") + label_text(fact.label) + ": " + roff_line(fact.text) + "\n";
    return text + facts + titled("Inputs:", input_items(action.inputs), "No inputs.") +
           titled("Outputs:", output_items(action.outputs), "No declared outputs.") +
           (action.aggregates.empty()
                ? ""
                : titled("Summaries over all nodes:", summary_items(action.aggregates), ""));
}

std::string write_body(const ddl::Agent& agent) {
    const std::string allow = describe_allow(agent);
    std::string head = allow.empty() ? "" : section("ACCESS") + allow + "\n";
    if (agent.actions.empty()) return head;
    std::string actions = section("ACTIONS");
    std::string examples = section("EXAMPLES");
    for (const ddl::Action& action : agent.actions) {
        actions += write_action(agent, action);
        examples +=
            (&action == &agent.actions.front() ? "" : ".PP\n") + roff_block(example_call(agent, action));
    }
    return head + actions + examples;
}

std::string write_body(const ddl::DataPlugin& plugin) {
    std::string text = section("QUERY") + (plugin.query ? input_item(*plugin.query) : "No query.\n");
    if (plugin.ttl_s != 0) text += ".PP\nAn answer may be " + std::to_string(plugin.ttl_s) + " s old.\n";
    const std::string outputs = output_items(plugin.outputs);
    return text + section("OUTPUTS") + (outputs.empty() ? "No declared outputs.\n" : outputs);
}

std::string write_body(const ddl::OtherPlugin& plugin) {
    if (plugin.capabilities.empty()) return {};
    std::vector<std::string> words;
    for (const ddl::Capability capability : plugin.capabilities)
        words.emplace_back(to_string(capability));
    return section("CAPABILITIES") + "It can filter by " + join(words, ", ") + ".\n";
}

std::string write_head(const ddl::Metadata& metadata) {
    const std::string name = "hocket-" + metadata.name;
    std::string text = ".TH " + roff_literal(to_upper_ascii(name)) + " 7 \"\" \"" +
                       roff_line(metadata.name + " " + metadata.version) + "\" \"Hocket\"\n" +
                       section("NAME") + roff_literal(name) + " \\- " +
                       roff_line(first_line(metadata.description)) + "\n" + section("DESCRIPTION") +
                       roff_paragraphs(metadata.description);
    if (!metadata.usage.empty()) text += section("USAGE") + roff_block(metadata.usage);
    return text;
}

std::string write_tail(const ddl::Metadata& metadata) {
    std::string text = section("AUTHOR");
    for (const ddl::Fact& fact : facts_of(metadata)) {
        if (fact.label == "timeout") continue;
        text += (fact.label == "author" ? "" : ".PP\n" + label_text(fact.label) + ": ") +
                roff_line(fact.text) + "\n";
    }
    return text + section("SEE ALSO") + ".BR hocket (1)\n";
}

}  // namespace

std::string write_man(const ddl::Description& description) {
    const ddl::Metadata& metadata = metadata_of(description);
    return write_head(metadata) + std::visit([](const auto& one) { return write_body(one); }, description) +
           write_tail(metadata);
}

}  // namespace hocket::ddl_compiler
