#pragma once

#include <cstddef>
#include <exception>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ddl/diagnostic.h"

namespace hocket::ddl_compiler::ruby {

/// Leaves the statement at hand; what is wrong with it is in the report. Never leaves this folder.
struct Refused final : std::exception {};

/// Reports each problem of a Ruby source once, though every round of a loop may meet it. Offsets are bytes.
class Problems {
public:
    using Places = std::vector<ddl::Report::Place>;

    explicit Problems(ddl::Report& report) : report_(report) {}

    void error(std::size_t offset, const std::string& message, const std::string& hint = {},
               const Places& related = {});
    void warning(ddl::Warning warning, std::size_t offset, const std::string& message,
                 const std::string& hint = {}, const Places& related = {});

    /// An error by which a part of the source is left out: what is missing then is no problem of its own.
    void leave_out(std::size_t offset, const std::string& message, const std::string& hint = {},
                   const Places& related = {});

    /// The same, and ends the statement.
    [[noreturn]] void refuse(std::size_t offset, const std::string& message, const std::string& hint = {},
                             const Places& related = {});

    /// The same for Ruby that has no place in a description: "an assignment".
    [[noreturn]] void refuse_construct(std::size_t offset, const std::string& construct,
                                       const std::string& hint = {});

    bool is_complete() const { return is_complete_; }
    std::size_t errors() const { return errors_; }

private:
    bool is_new(std::size_t offset, const std::string& message);

    ddl::Report& report_;
    std::set<std::pair<std::size_t, std::string>> known_;
    std::size_t errors_ = 0;
    bool is_complete_ = true;
};

}  // namespace hocket::ddl_compiler::ruby
