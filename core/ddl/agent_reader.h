#pragma once

#include "core/ddl/fields.h"
#include "core/ddl/model.h"

namespace hocket::ddl {

/// Reads the whole document. Problems are in the context's report; what is returned then is incomplete.
Agent read_agent(const SourceNode& root, ReadContext& context);

/// One element of `actions`, which is run as `run` says. (action_reader.cpp)
Action read_action(const SourceNode& node, const Run& run, ReadContext& context);

}  // namespace hocket::ddl
