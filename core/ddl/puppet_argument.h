#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/ddl/puppet_type_node.h"

namespace hocket::ddl {

// Inside of PuppetType alone: what its parser hands over.

/// What stands between brackets.
struct PuppetArgument {
    enum class Kind { type, integer, floating, text, regex, word, boolean, any_value, members };
    Kind kind = Kind::type;
    std::vector<PuppetType::Node> type = {};  ///< one
    std::int64_t integer = 0;
    double floating = 0;
    std::string text = {};  ///< of a text, a regex or a lower-case word
    bool boolean = false;
    std::vector<PuppetMember> members = {};
    std::size_t offset = 0;
};

/// Ends the reading; its message says where.
struct PuppetRefusal {
    std::size_t offset;
    std::string message;
};

[[noreturn]] inline void refuse_puppet_type(std::size_t offset, const std::string& message) {
    throw PuppetRefusal{offset, message};
}

/// Of the types that are made here.
std::vector<std::string> puppet_type_names();
bool is_puppet_type(std::string_view name);

/// A type of that name, which is one, with these arguments. Throws PuppetRefusal.
PuppetType::Node make_puppet_type(const std::string& name, std::size_t offset,
                                  std::vector<PuppetArgument> arguments);

}  // namespace hocket::ddl
