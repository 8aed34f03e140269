#pragma once

#include <string_view>

#include "core/base/json.h"

namespace hocket::filter {

/// The fact with a dotted name such as `os.release.major` or `disks.0.name`; null when there is none.
///
///     path = part {"." part}        part = a key of an object | the index of an array's element
///
/// A key may hold dots itself: at each object the longest key that the rest of the path starts with is tried
/// first.
const Json* find_fact(const Json& facts, std::string_view path);

}  // namespace hocket::filter
