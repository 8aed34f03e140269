#pragma once

#include <string>
#include <vector>

#include "core/ddl/fields.h"
#include "core/ddl/model.h"

namespace hocket::ddl {

/// Reads the `input` and the `output` object of one action. Problems are in the context's report; what is
/// returned then is incomplete.

/// The `query` of a data plugin.
Input read_query(const SourceNode& query, ReadContext& context);

std::vector<Input> read_inputs(const SourceNode& inputs, const std::string& action, ReadContext& context);
std::vector<Output> read_outputs(const SourceNode& outputs, const std::string& action, ReadContext& context);

}  // namespace hocket::ddl
