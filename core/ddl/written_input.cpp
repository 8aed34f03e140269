#include "core/ddl/written_input.h"

#include <algorithm>
#include <array>
#include <optional>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/names.h"
#include "core/base/text.h"

namespace hocket::ddl {

namespace {

constexpr std::size_t k_max_value_bytes = 1U << 20U;

std::optional<WrittenInput> parse_one(const std::string& argument) {
    const std::size_t equals = argument.find('=');
    if (equals == std::string::npos) return std::nullopt;
    WrittenInput input;
    input.name = argument.substr(0, equals);
    input.value = argument.substr(equals + 1);
    if (input.name.ends_with(':')) {
        input.name.pop_back();
        input.form = WrittenInput::Form::json;
    }
    if (input.value.starts_with('@')) {
        input.value.erase(0, 1);
        input.from_file = true;
    }
    if (!is_input_name(input.name) || (input.from_file && input.value.empty())) return std::nullopt;
    return input;
}

bool is_from_standard_input(const WrittenInput& input) {
    return input.from_file && input.value == "-";
}

/// It can be read once: the second would be empty.
Result<void> check_standard_input(const std::vector<WrittenInput>& inputs) {
    if (std::ranges::count_if(inputs, is_from_standard_input) < 2) return {};
    return Error{ErrorCode::usage,
                 "standard input (@-) can be the value of one input only; let the others name files",
                 {}};
}

Result<std::string> read_standard_input() {
    std::string text;
    std::array<char, 65536> buffer{};
    for (;;) {
        const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (count < 0) return Error{ErrorCode::io, "standard input: cannot read: " + errno_text(), {}};
        if (count == 0) return text;
        text.append(buffer.data(), static_cast<std::size_t>(count));
        if (text.size() > k_max_value_bytes) {
            return Error{ErrorCode::io, "standard input: larger than the limit of 1 MiB", {}};
        }
    }
}

}  // namespace

Result<std::vector<WrittenInput>> parse_written_inputs(const std::vector<std::string>& arguments) {
    std::vector<WrittenInput> inputs;
    std::vector<std::string> wrong;
    for (const std::string& argument : arguments) {
        if (std::optional<WrittenInput> input = parse_one(argument)) {
            inputs.push_back(std::move(*input));
        } else {
            wrong.push_back(quote_bytes(argument));
        }
    }
    if (wrong.empty()) {
        if (Result<void> checked = check_standard_input(inputs); !checked) return checked.error();
        return inputs;
    }
    return Error{ErrorCode::usage,
                 join(wrong, ", ") + ": inputs are written as name=value, name:=JSON or name=@file",
                 {}};
}

Result<std::string> text_of(const WrittenInput& input) {
    const bool from_stdin = is_from_standard_input(input);
    Result<std::string> text = from_stdin        ? read_standard_input()
                               : input.from_file ? read_file(input.value, k_max_value_bytes)
                                                 : Result<std::string>(input.value);
    if (!text && input.from_file && !from_stdin && text.error().code == ErrorCode::io) {
        return Error{ErrorCode::io,
                     text.error().message + "; @ names a file, and a text that begins with it is written " +
                         input.name + ":='\"@" + escape_text(input.value) + "\"'",
                     {}};
    }
    if (!text) return text;
    if (!is_utf8(*text)) {
        return Error{ErrorCode::invalid_input,
                     "is not UTF-8 text; bytes must be encoded, for example with base64",
                     {}};
    }
    if (input.from_file && text->ends_with('\n')) text->pop_back();
    return text;
}

}  // namespace hocket::ddl
