#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ddl/model.h"

namespace hocket::ddl_compiler {

/// A member of the struct of inputs or outputs.
struct CppMember {
    std::string name;        ///< in the description
    std::string identifier;  ///< in C++
    std::string type;        ///< "std::int64_t", or that of an enumeration
    bool is_optional = false;
    std::optional<ddl::Type> json_type;  ///< of JSON: what it must be; none when that is not certain
    std::string comment;                 ///< for people: paragraphs

    bool is_json() const { return type == "Json"; }
};

struct CppEnumerator {
    std::string word;
    std::string identifier;
};

/// What a list of strings becomes.
struct CppEnumeration {
    std::string input;
    std::string identifier;
    std::vector<CppEnumerator> enumerators;  ///< each word once
};

/// An action as cpp_header.h describes it.
struct CppAction {
    std::string identifier;
    std::vector<CppEnumeration> enumerations;
    std::vector<CppMember> inputs;  ///< required ones first
    std::vector<CppMember> outputs;
};

/// Those of an agent, in its order.
std::vector<CppAction> cpp_actions(const ddl::Agent& agent);

}  // namespace hocket::ddl_compiler
