#pragma once

#include <string>
#include <string_view>

#include "core/ddl/model.h"

namespace hocket::ddl {

/// The DDL as JSON in one form: the same bytes for the same meaning, whatever it was read from. Compact, keys
/// and actions sorted, Choria's names. Keys that Choria's schema requires are always there; others only when
/// they say something else than their absence. Reading it again gives an equal agent and the same bytes.
std::string canonical_json(const Agent& agent);

/// The same of any kind.
std::string canonical_json(const Description& description);

/// What a DDL is known by on the wire (`ddl_digest`): SHA-256 of its canonical form, 64 hexadecimal digits.
std::string digest(std::string_view canonical);

}  // namespace hocket::ddl
