#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/ddl/words.h"

namespace hocket::ddl {

struct ExitCodes {
    std::map<int, ExitMeaning> known = {{0, ExitMeaning::ok}};
    ExitMeaning other = ExitMeaning::failed;

    ExitMeaning of(int code) const {
        const auto found = known.find(code);
        return found == known.end() ? other : found->second;
    }

    bool operator==(const ExitCodes&) const = default;
};

/// The value of `stdin` for all inputs as one JSON object.
inline constexpr const char* k_stdin_json = "json";

/// The keys of contract `script` (spec/ddl.md, scripts): how an unchanged program becomes an action. They stand in `run`
/// for all actions, or in an action for it alone; what is empty or absent is said elsewhere, or is the default.
struct Script {
    std::vector<std::string>
        command;  ///< argv with places for inputs (argument_template.h); in `run` it is Run::command
    std::string standard_input;          ///< "json", or "{NAME}" for the text of one input; empty: nothing
    std::optional<ResultFormat> result;  ///< how the outputs are made of what it prints
    std::string pattern;                 ///< of `regex`: RE2 whose named groups are the outputs
    std::optional<ExitCodes> exit_codes;

    bool operator==(const Script&) const = default;
};

}  // namespace hocket::ddl
