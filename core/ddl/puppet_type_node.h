#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/base/regex.h"
#include "core/ddl/puppet_type.h"

namespace hocket::ddl {

/// One member of Struct.
struct PuppetMember;

/// Inside of PuppetType alone.
struct PuppetType::Node {
    enum class Kind {
        any,
        data,
        scalar,
        undef,
        not_undef,
        optional,
        variant,
        string,
        pattern,
        enumeration,
        integer,
        floating,
        numeric,
        boolean,
        array,
        tuple,
        hash,
        structure,
        collection,
        sensitive,
    };

    /// Of a length or a count, or of an Integer.
    struct Range {
        std::int64_t minimum = std::numeric_limits<std::int64_t>::min();
        std::int64_t maximum = std::numeric_limits<std::int64_t>::max();

        bool holds(std::int64_t value) const { return value >= minimum && value <= maximum; }
    };

    Kind kind = Kind::any;
    std::vector<Node> types;  ///< of which it is made: the element of an Array, key and value of a Hash
    Range range;
    double lowest = -std::numeric_limits<double>::infinity();  ///< of Float
    double highest = std::numeric_limits<double>::infinity();
    std::vector<std::string> texts;  ///< of Enum, or the one of String['x']
    bool ignores_case = false;       ///< of Enum
    std::vector<Regex> patterns;
    std::optional<bool> only;  ///< of Boolean[true]
    std::vector<PuppetMember> members;
};

struct PuppetMember {
    std::string key;
    bool may_be_absent;
    PuppetType::Node type;
};

/// Whether a value is of the type.
bool accepts(const PuppetType::Node& type, const Json& value);

/// Errors: as PuppetType::parse().
Result<PuppetType::Node> parse_puppet_type(std::string_view text);

}  // namespace hocket::ddl
