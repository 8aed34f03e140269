#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hocket::ddl {

/// The rules that a DDL can name. `declared` is one that users declared (validators.h); `regex` is no rule, but a regular
/// expression of the DDL's own. The last six are those of MCollective's plugins.
enum class Validator {
    none,
    shellsafe,    ///< none of `$;|&<>'"\() and no control character; blanks and globs pass
    ipv4address,  ///< dotted decimal, four numbers without leading zeros; no prefix, no mask
    ipv6address,  ///< RFC 4291 text form; no prefix, no zone, no brackets
    ipaddress,    ///< either of the two
    fqdn,         ///< RFC 1123: labels of 1 to 63, 253 in total, the last one not a number; no dot at the end
    service_name,           ///< letters, digits and . - _ : @
    package_name,           ///< letters, digits and . - _
    puppet_variable,        ///< letters, digits and _; a single character is a letter
    puppet_tags,            ///< puppet_variables with :: between them; several of these with commas
    puppet_resource,        ///< Type[title]
    puppet_server_address,  ///< a host name or address, and :port if wanted; [IPv6]:port
    declared,
    regex,
};

inline constexpr std::array<std::pair<Validator, std::string_view>, 11> k_named_validators = {{
    {Validator::shellsafe, "shellsafe"},
    {Validator::ipv4address, "ipv4address"},
    {Validator::ipv6address, "ipv6address"},
    {Validator::ipaddress, "ipaddress"},
    {Validator::fqdn, "fqdn"},
    {Validator::service_name, "service_name"},
    {Validator::package_name, "package_name"},
    {Validator::puppet_variable, "puppet_variable"},
    {Validator::puppet_tags, "puppet_tags"},
    {Validator::puppet_resource, "puppet_resource"},
    {Validator::puppet_server_address, "puppet_server_address"},
}};

std::optional<Validator> built_in_validator(std::string_view name);

/// Whether somebody who wrote it meant a validator's name, though it may be none: lower-case letters, digits and underscores.
bool looks_like_validator(std::string_view text);

/// Whether the whole text is what a built-in validator asks for. Thread: any.
bool accepts(Validator built_in, std::string_view text);

/// What it asks for, in words: "an IPv4 address".
std::string describe(Validator built_in);

}  // namespace hocket::ddl
