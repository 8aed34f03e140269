#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "core/base/json.h"

namespace hocket::ddl {

/// What a text says when it is read as a decimal number:
///
///     integer = [sign] digits
///     float   = [sign] (digits ["." [digits]] | "." digits) [("e" | "E") [sign] digits]
struct NumberText {
    enum class Kind {
        not_a_number,
        integer,
        beyond_int64,  ///< an integer too large; `floating` has its nearest value
        floating,
        out_of_range,  ///< too large or too small for a double
    };

    Kind kind = Kind::not_a_number;
    std::int64_t integer = 0;
    double floating = 0;  ///< of integers too
};

NumberText read_number(std::string_view text);

/// The number as JSON: integers as integers, all else as a float; nothing when it is none or out of range.
std::optional<Json> number_from_text(std::string_view text);

}  // namespace hocket::ddl
