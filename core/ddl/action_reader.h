#pragma once

#include "core/ddl/fields.h"
#include "core/ddl/model.h"

namespace hocket::ddl {

/// One element of `actions`, which is run as `run` says. Problems are in the context's report; what is returned then is
/// incomplete.
Action read_action(const SourceNode& node, const Run& run, ReadContext& context);

}  // namespace hocket::ddl
