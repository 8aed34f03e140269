#pragma once

#include <string>

#include "core/ddl/model.h"

namespace hocket::ddl_compiler {

/// tests/golden/back_ends/sample.yaml: all that an agent can say, with texts that are hostile to every back end.
ddl::Agent sample_agent();

ddl::DataPlugin sample_data();
ddl::OtherPlugin sample_discovery();

/// Expects the text to be that of tests/golden/back_ends/NAME (tests/support/golden.h).
void expect_written(const std::string& name, const std::string& text);

}  // namespace hocket::ddl_compiler
