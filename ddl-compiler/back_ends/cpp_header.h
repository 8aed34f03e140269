#pragma once

#include <string>

#include "core/ddl/model.h"

namespace hocket::ddl_compiler {

/// A typed client for one agent, as a header that includes nothing but <hocket/client.h> and the standard library:
/// namespace hocket::agents::AGENT, and in it for each action a struct as client/lib/typed_action.h asks for it, which
/// client/lib/typed_call.h can call.
///
///     description          C++                               absent
///     string               std::string
///     integer              std::int64_t
///     float                double
///     number               client::Number: an integer stays one
///     boolean              bool
///     list of strings      an enum class with to_string()
///     other lists, array,  Json                              null
///     hash, untyped
///
/// An input that may be left out, and every output, is std::optional of that; JSON has its own null. Required inputs
/// stand first and have no default: -Wmissing-field-initializers (in -Wextra) tells who forgets one.
///
/// Names are those of the description, types in UpperCamel; cpp_names.h says what becomes of a name that is no good
/// identifier. Taken already are: for the agent `client`, `ddl`, `hocket` and `std`; for everything else `Inputs`,
/// `Outputs` and `Json`; for an enumeration its action too, and for an input the enumerations. A comment at the member
/// tells when its name is not that of the description.
std::string write_cpp_header(const ddl::Agent& agent);

}  // namespace hocket::ddl_compiler
