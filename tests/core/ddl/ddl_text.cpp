#include "tests/core/ddl/ddl_text.h"

#include <gtest/gtest.h>

#include "core/base/text.h"

namespace hocket::ddl {

namespace {

std::string indented(std::string_view lines, std::string_view indent) {
    std::string text;
    for (const std::string& line : split(lines, '\n')) {
        if (!trim(line).empty()) text += std::string(indent) + line + "\n";
    }
    return text;
}

std::string block(std::string_view key, std::string_view lines) {
    return "    " + std::string(key) + (lines.empty() ? ": {}\n" : ":\n" + indented(lines, "      "));
}

Loaded load(const std::string& text, Format format) {
    Result<Loaded> loaded = read_text(text, format, "sample");
    if (loaded) return std::move(*loaded);
    ADD_FAILURE() << loaded.error().message;
    return {};
}

std::string refusal(const std::string& text, Format format) {
    const Result<Loaded> loaded = read_text(text, format, "sample");
    if (loaded) {
        ADD_FAILURE() << "accepted: " << text;
        return {};
    }
    EXPECT_EQ(loaded.error().code, ErrorCode::invalid_ddl);
    return loaded.error().message;
}

}  // namespace

std::string yaml_agent(std::string_view inputs, std::string_view outputs, std::string_view action_keys) {
    return R"(metadata:
  name: sample
  description: For tests
  author: Hocket contributors
  license: Apache-2.0
  version: "1.0.0"
  url: https://hocket.io/
  timeout: 10
run: {}
actions:
  - action: act
    description: Acts
)" + indented(action_keys, "    ") +
           block("input", inputs) + block("output", outputs);
}

std::string choria_agent(std::string_view inputs, std::string_view outputs, std::string_view action_keys) {
    return R"({
  "$schema": "https://choria.io/schemas/mcorpc/ddl/v1/agent.json",
  "metadata": {"name": "sample", "description": "For tests", "author": "Hocket contributors",
               "license": "Apache-2.0", "version": "1.0.0", "url": "https://hocket.io/", "timeout": 10},
  "actions": [{"action": "act", "description": "Acts", )" +
           std::string(action_keys) + R"( "input": {)" + std::string(inputs) + R"(}, "output": {)" +
           std::string(outputs) + "}}]\n}\n";
}

Loaded load_yaml(const std::string& text) {
    return load(text, Format::yaml);
}

Loaded load_json(const std::string& text) {
    return load(text, Format::json);
}

Action action_with(std::string_view inputs, std::string_view outputs) {
    const Loaded loaded = load_yaml(yaml_agent(inputs, outputs));
    return loaded.agent.actions.empty() ? Action{} : loaded.agent.actions.front();
}

Input input_of(std::string_view type, std::string_view keys) {
    const Action action =
        action_with("x: {prompt: p, description: d, type: " + std::string(type) + std::string(keys) + "}");
    return action.inputs.empty() ? Input{} : action.inputs.front();
}

std::string refusal_of_yaml(const std::string& text) {
    return refusal(text, Format::yaml);
}

std::string refusal_of_json(const std::string& text) {
    return refusal(text, Format::json);
}

std::string warnings_of(const Loaded& loaded) {
    std::string text;
    for (const Diagnostic& warning : loaded.warnings)
        text += to_string(warning) + "\n";
    return text;
}

}  // namespace hocket::ddl
