#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"

namespace hocket::ddl {

/// One input as a person wrote it:
///
///     input = NAME "=" text       typed by the DDL; the empty text too
///           | NAME ":=" JSON      any type
///           | NAME "=@" FILE      the file's text, without the newline at its end; "-" is standard input
///           | NAME ":=@" FILE     the file's JSON
///
/// A value that begins with "@" is written as JSON: NAME:='"@value"'.
struct WrittenInput {
    enum class Form { text, json };

    std::string name;
    Form form = Form::text;
    bool from_file = false;
    std::string value;  ///< the text, or the file's name

    bool is_plain_text() const { return form == Form::text && !from_file; }
};

/// Errors: usage, naming every argument that is not an input; standard input twice.
Result<std::vector<WrittenInput>> parse_written_inputs(const std::vector<std::string>& arguments);

/// The text that was written, or that stands in the file.
/// Errors: io; invalid_input for what is not UTF-8.
Result<std::string> text_of(const WrittenInput& input);

}  // namespace hocket::ddl
