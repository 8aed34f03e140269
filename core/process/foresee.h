#pragma once

#include <optional>
#include <string>

#include "core/base/error.h"
#include "core/process/account.h"

namespace hocket::process {

/// How a program is going to be started.
struct Start {
    Account account;
    std::string search_path = {};   ///< PATH, in which env(1) looks; empty: that is not looked at
    bool needs_execute_bit = true;  ///< else its interpreter is called with it
};

/// Why a program cannot be started, as far as the file, its first line, its interpreter and their permissions tell: what
/// execute_error() would say afterwards, and what an interpreter would. Nothing if it seems good. `executable` is absolute.
/// Code: crashed.
std::optional<Error> foresee_error(const std::string& executable, const Start& start);

}  // namespace hocket::process
