#pragma once

#include <vector>

#include "core/base/result.h"
#include "core/ddl/model.h"
#include "core/ddl/written_input.h"

namespace hocket::ddl {

/// What the inputs of a command line became. They are not checked: check_inputs does that.
struct TypedInputs {
    Json values =
        Json::object();  ///< null where there was a problem, and for what the action does not declare
    std::vector<Violation>
        problems;  ///< pointer "/inputs/NAME"; rule `repeated`, `sensitive`, `text` or `type`
};

/// Whether a sensitive input may stand in plain text on a command line, which everybody on the machine can read.
enum class PlainSecrets { refused, taken };

/// Gives each value the type of its input. An input of type array that is written several times collects its values; written
/// once, its text is a JSON array or the only element. Files are read here.
TypedInputs type_inputs(const Action& action, const std::vector<WrittenInput>& written, PlainSecrets secrets);

/// Without a DDL plain text is a string.
TypedInputs type_inputs(const std::vector<WrittenInput>& written);

}  // namespace hocket::ddl
