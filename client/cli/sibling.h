#pragma once

#include <string>
#include <string_view>

namespace hocket::cli {

/// The program that a command of `hocket` stands for: `agent` for hocket-agent, `ddl` for hocketc. Empty for any other.
std::string sibling_of(std::string_view command);

/// This process becomes that program, the one beside this one or else the first on the PATH; `words` is its argv. Returns an
/// exit code when there is none.
int become(std::string name, char** words);

}  // namespace hocket::cli
