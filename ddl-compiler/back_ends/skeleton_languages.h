#pragma once

#include <string>

#include "core/ddl/model.h"

namespace hocket::ddl_compiler {

// One for each language, each in a file of its own; see write_skeleton().

std::string bash_skeleton(const ddl::Agent& agent);
std::string go_skeleton(const ddl::Agent& agent);
std::string node_skeleton(const ddl::Agent& agent);
std::string perl_skeleton(const ddl::Agent& agent);
std::string php_skeleton(const ddl::Agent& agent);
std::string python_skeleton(const ddl::Agent& agent);
std::string ruby_skeleton(const ddl::Agent& agent);

}  // namespace hocket::ddl_compiler
