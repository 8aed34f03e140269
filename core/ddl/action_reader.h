#pragma once

#include "core/ddl/fields.h"
#include "core/ddl/model.h"
#include "core/ddl/run_reader.h"

namespace hocket::ddl {

/// One element of `actions`, which is run as `run` says. Problems are in the context's report; what is returned then is
/// incomplete.
Action read_action(const SourceNode& node, const RunBlock& block, ReadContext& context);

}  // namespace hocket::ddl
