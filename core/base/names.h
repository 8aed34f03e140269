#pragma once

#include <string_view>

namespace hocket {

/// The grammars of spec/protocol.md, names: each is a full match, and is checked before a subject, a path or a log
/// line is made from the text.

bool is_agent_name(std::string_view text);       ///< [a-z0-9_][a-z0-9_]{0,63}
bool is_action_name(std::string_view text);      ///< as an agent's
bool is_input_name(std::string_view text);       ///< [A-Za-z0-9_]{1,64}; outputs too
bool is_collective_name(std::string_view text);  ///< [a-z0-9][a-z0-9_-]{0,63}
bool is_identity(std::string_view text);         ///< labels [a-z0-9_-]+ joined by single dots, ≤ 253
bool is_caller(std::string_view text);           ///< (psk|cert)=[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}
bool is_key_name(std::string_view text);         ///< a caller's part after "psk="
bool is_request_id(std::string_view text);       ///< ULID: 26 Crockford characters, upper case

/// Whether every node has it, and it changes nothing: discovery, rpcutil (spec/protocol.md, built-in agents).
bool is_builtin_agent(std::string_view name);

}  // namespace hocket
