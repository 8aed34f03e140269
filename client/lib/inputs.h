#pragma once

#include <vector>

#include "core/base/result.h"
#include "core/ddl/model.h"
#include "core/ddl/written_input.h"

namespace hocket::client {

/// Inputs of a request, checked.
struct Inputs {
    Json values = Json::object();
    bool has_sensitive = false;
};

/// The values in their types. An input of type array that is written several times collects its values; written once,
/// its text is a JSON array or the only element. Files are read here. Defaults are left to the nodes.
///
/// A sensitive value may not stand in plain text on the command line.
/// Errors: invalid_input with every broken rule: pointer "/inputs/NAME".
Result<Inputs> make_inputs(const ddl::Action& action, const std::vector<ddl::WrittenInput>& written);

/// Values as they are to be sent. Errors: invalid_input.
Result<Inputs> make_inputs(const ddl::Action& action, const Json& values);

/// Without a DDL: plain text goes as text, and nothing is checked here; the nodes check it all the same. Since nobody
/// knows which inputs are sensitive, all are treated as if they were.
/// Errors: invalid_input.
Result<Inputs> make_inputs_without_ddl(const std::vector<ddl::WrittenInput>& written);
Result<Inputs> make_inputs_without_ddl(const Json& values);

}  // namespace hocket::client
