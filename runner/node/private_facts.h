#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"

namespace hocket::node {

/// The facts without the private ones. A fact's name is the keys on the way to it, joined by dots; an entry
/// hides
///
///     a.b     the fact a.b and everything below it, however the keys are cut: {"a.b": …}, {"a": {"b.c": …}}
///     a.b*    every fact whose name starts with a.b
///
/// An element of an array is named by its index and becomes null, so that the others keep theirs.
Json without_private(const Json& facts, const std::vector<std::string>& entries);

}  // namespace hocket::node
