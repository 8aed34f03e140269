#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"

namespace hocket::wire {

/// Reads the members of a message one by one and remembers the first thing that is wrong: a member that is missing,
/// has another type, or is not in the protocol. The values returned after an error are empty.
class StrictMembers {
public:
    StrictMembers(const Json& object, std::initializer_list<std::string_view> allowed);

    std::string text(std::string_view name);
    /// A text that must pass `valid`, one of the grammars of core/base/names.h.
    std::string text(std::string_view name, bool (*valid)(std::string_view));
    std::int64_t integer(std::string_view name, std::int64_t minimum, std::int64_t maximum);
    bool boolean(std::string_view name);
    const Json& object(std::string_view name);
    std::vector<std::string> texts(std::string_view name, bool (*valid)(std::string_view));
    bool has(std::string_view name) const;

    void fail(std::string_view name, std::string_view reason);

    bool ok() const { return reason_.empty(); }
    /// code malformed_message
    Error error() const;

private:
    const Json* find(std::string_view name);

    const Json& object_;
    std::string reason_;
};

}  // namespace hocket::wire
