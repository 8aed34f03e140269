#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/ddl/diagnostic.h"

namespace hocket::ddl_compiler {

/// How problems are printed: for people, for editors, for code hosts.
enum class DiagnosticsFormat { text, json, sarif };
inline constexpr std::array<std::string_view, 3> k_diagnostics_format_words = {"text", "json", "sarif"};

/// Everything that is wrong with all files of a run:
///
///     text    each as to_string(Diagnostic) writes it
///     json    one array of {"file","line","column","severity","warning","message","hint","related":[{"line","column",
///             "message"}]}; without line and column for a file as a whole, without what is empty
///     sarif   one log of SARIF 2.1.0; the rule is the warning's name, or "error"
///
/// Lines and columns count from 1, columns in code points. Ends with a newline unless it is empty, as text without
/// problems is.
std::string write_diagnostics(const std::vector<ddl::Diagnostic>& diagnostics, DiagnosticsFormat format);

}  // namespace hocket::ddl_compiler
