#pragma once

namespace hocket::cli {

/// The whole program: reads the command line and the configuration, runs the command, and tells its error if it had
/// one. Returns the exit code of spec/outcomes.md §3.
int run(int argc, const char* const* argv);

}  // namespace hocket::cli
