#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ddl-compiler/ruby/limits.h"
#include "ddl-compiler/ruby/problems.h"

namespace hocket::ddl_compiler::ruby {

/// What the parser is inside of: the variables of the blocks around it, and how deep it is.
struct Scope {
    struct Variable {
        std::string name;
        std::size_t offset = 0;
        bool is_read = false;
    };

    /// Whether there is such a variable; the innermost one is read then.
    bool read(std::string_view name) {
        const auto found = std::find_if(variables.rbegin(), variables.rend(),
                                        [&](const Variable& variable) { return variable.name == name; });
        if (found == variables.rend()) return false;
        return found->is_read = true;
    }

    std::vector<Variable> variables;
    std::size_t depth = 0;
    std::size_t open_brackets = 0;  ///< when a statement is refused: those that it left open
};

/// One level deeper for as long as it lives. Refuses at the offset what is too deep.
class Deeper {
public:
    Deeper(Scope& scope, Problems& problems, std::size_t offset) : scope_(scope) {
        if (scope_.depth >= k_max_depth) problems.refuse(offset, k_too_deep);
        ++scope_.depth;
    }
    ~Deeper() { --scope_.depth; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

private:
    Scope& scope_;
};

}  // namespace hocket::ddl_compiler::ruby
