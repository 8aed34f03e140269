#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/ddl/model.h"

namespace hocket::workbench {

/// Inputs as `hocket rpc` takes them (core/ddl/written_input.h), but that a sensitive one may stand on the command line. An input of type array may be written several times, an element each. What the DDL does not know goes as it is, to be
/// refused as a node does.
/// Errors: usage for what is no input; invalid_input for another type, for a file that cannot be read, and for what is given twice.
Result<Json> read_inputs(const ddl::Action* action, const std::vector<std::string>& words);

}  // namespace hocket::workbench
