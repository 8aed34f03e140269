#include "ddl-compiler/back_ends/ruby.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "ddl-compiler/back_ends/ruby_literal.h"
#include "ddl-compiler/back_ends/ruby_losses.h"
#include "ddl-compiler/back_ends/ruby_validation.h"

namespace hocket::ddl_compiler {

namespace {

using Properties = std::vector<std::pair<std::string, std::string>>;

/// Each property on a line of its own, all of them in one column, the values in another.
std::string write_properties(const Properties& properties, std::size_t column) {
    std::size_t width = 0;
    for (const auto& [key, value] : properties)
        width = std::max(width, key.size());
    std::vector<std::string> lines;
    for (const auto& [key, value] : properties)
        lines.push_back(":" + key + std::string(width - key.size(), ' ') + " => " + value);
    return join(lines, ",\n" + std::string(column, ' ')) + "\n";
}

std::string write_metadata(const ddl::Metadata& metadata) {
    constexpr std::string_view head = "metadata    ";
    Properties properties = {
        {"name", ruby_string(metadata.name)},           {"description", ruby_string(metadata.description)},
        {"author", ruby_string(metadata.author)},       {"license", ruby_string(metadata.license)},
        {"version", ruby_string(metadata.version)},     {"url", ruby_string(metadata.url)},
        {"timeout", std::to_string(metadata.timeout_s)}};
    if (!metadata.provider.empty()) properties.emplace_back("provider", ruby_string(metadata.provider));
    return std::string(head) + write_properties(properties, head.size());
}

/// Nothing in the text may end it, and a line of it must look the same in Ruby: else it is a string with escapes.
bool fits_heredoc(std::string text) {
    std::erase_if(text, [](char character) { return character == '\n' || character == '\t'; });
    return escape_text(text) == text;
}

std::string write_usage(std::string text) {
    if (text.empty()) return {};
    if (!fits_heredoc(text)) return "\nusage " + ruby_string(text) + "\n";
    std::string tag = "USAGE";
    while (text.find(tag) != std::string::npos)
        tag = "END_OF_" + tag;
    if (!text.ends_with('\n')) text += '\n';
    return "\nusage <<-'" + tag + "'\n" + text + tag + "\n";
}

Properties input_properties(const ddl::Input& input) {
    Properties properties = {{"prompt", ruby_string(input.prompt)},
                             {"description", ruby_string(input.description)},
                             {"type", ruby_symbol(to_string(input.type))}};
    if (input.type == ddl::Type::list) {
        properties.emplace_back("list", ruby_value(input.list, RubyKeys::strings));
    }
    if (input.type == ddl::Type::string) {
        properties.emplace_back("validation", ruby_validation(input.validation));
    }
    properties.emplace_back("optional", input.optional ? "true" : "false");
    if (input.default_value && !loses_default(input)) {
        properties.emplace_back("default", ruby_value(*input.default_value, RubyKeys::strings));
    }
    if (input.type == ddl::Type::string) {
        properties.emplace_back("maxlength", std::to_string(input.maxlength));
    }
    return properties;
}

Properties output_properties(const ddl::Output& output) {
    Properties properties = {{"description", ruby_string(output.description)},
                             {"display_as", ruby_string(output.display_as)}};
    if (output.default_value) {
        properties.emplace_back("default", ruby_value(*output.default_value, RubyKeys::strings));
    }
    return properties;
}

/// `input :path,` or `output :used,` and below it the properties.
std::string write_field(std::string_view word, const std::string& name, const Properties& properties) {
    const std::string head = "    " + std::string(word) + " ";
    const std::string margin(head.size(), ' ');
    return head + ruby_symbol(name) + ",\n" + margin + write_properties(properties, margin.size());
}

std::string write_aggregate(const ddl::Aggregate& aggregate) {
    std::vector<std::string> arguments;
    for (const Json& argument : aggregate.args) {
        arguments.push_back(arguments.empty() ? ruby_symbol(argument.get<std::string>())
                                              : ruby_value(argument, RubyKeys::symbols));
    }
    return "        aggregate " + aggregate.function + "(" + join(arguments, ", ") + ")\n";
}

std::string write_summary(const std::vector<ddl::Aggregate>& aggregates) {
    std::string lines;
    for (const ddl::Aggregate& aggregate : aggregates) {
        if (!loses(aggregate)) lines += write_aggregate(aggregate);
    }
    return lines.empty() ? lines : "    summarize do\n" + lines + "    end\n";
}

std::string write_action(const ddl::Action& action) {
    std::vector<std::string> parts;
    if (action.display != ddl::Display::failed) {
        parts.push_back("    display " + ruby_symbol(to_string(action.display)) + "\n");
    }
    for (const ddl::Input& input : action.inputs)
        parts.push_back(write_field("input", input.name, input_properties(input)));
    for (const ddl::Output& output : action.outputs)
        parts.push_back(write_field("output", output.name, output_properties(output)));
    if (std::string summary = write_summary(action.aggregates); !summary.empty()) parts.push_back(summary);
    return "\naction " + ruby_string(action.name) + ", :description => " + ruby_string(action.description) +
           " do\n" + join(parts, "\n") + "end\n";
}

std::string write(const ddl::Agent& agent) {
    std::string text = write_metadata(agent.metadata) + write_usage(agent.metadata.usage);
    for (const ddl::Action& action : agent.actions)
        text += write_action(action);
    return text;
}

std::string write(const ddl::DataPlugin& plugin) {
    std::vector<std::string> parts;
    if (plugin.query)
        parts.push_back(write_field("input", plugin.query->name, input_properties(*plugin.query)));
    for (const ddl::Output& output : plugin.outputs)
        parts.push_back(write_field("output", output.name, output_properties(output)));
    return write_metadata(plugin.metadata) + write_usage(plugin.metadata.usage) +
           "\ndataquery :description => " + ruby_string(plugin.metadata.description) + " do\n" +
           join(parts, "\n") + "end\n";
}

std::string write(const ddl::OtherPlugin& plugin) {
    std::string text = write_metadata(plugin.metadata) + write_usage(plugin.metadata.usage);
    if (plugin.kind != ddl::Kind::discovery) return text;
    std::vector<std::string> capabilities;
    for (const ddl::Capability capability : plugin.capabilities)
        capabilities.push_back(ruby_symbol(to_string(capability)));
    return text + "\ndiscovery do\n    capabilities [" + join(capabilities, ", ") + "]\nend\n";
}

/// MCollective reads the file in the encoding of its locale unless the first line names another.
std::string write_encoding(std::string_view text) {
    const bool is_ascii =
        std::ranges::all_of(text, [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
    return is_ascii ? "" : "# encoding: utf-8\n";
}

}  // namespace

std::string write_ruby(const ddl::Description& description) {
    const std::string text =
        comment_on_losses(description) + std::visit([](const auto& one) { return write(one); }, description);
    return write_encoding(text) + text;
}

}  // namespace hocket::ddl_compiler
