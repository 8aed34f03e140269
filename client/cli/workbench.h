#pragma once

namespace hocket::cli {

/// `hocket agent …` becomes `hocket-agent …`, the one beside this program or else the first on the PATH. Returns an exit code
/// when there is none.
int become_workbench(char** words);

}  // namespace hocket::cli
