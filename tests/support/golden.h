#pragma once

#include <string>

namespace hocket::test {

/// Expects the text to be that of tests/golden/NAME. With HOCKET_UPDATE_GOLDEN=1 in the environment the file is
/// rewritten instead, to be reviewed in the diff.
void expect_golden(const std::string& name, const std::string& text);

/// The path of tests/golden/NAME.
std::string golden_path(const std::string& name);

}  // namespace hocket::test
