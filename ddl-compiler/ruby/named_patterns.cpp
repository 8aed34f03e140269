#include "ddl-compiler/ruby/named_patterns.h"

namespace hocket::ddl_compiler::ruby {

namespace {

std::string fqdn() {
    const std::string label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    return "\\A(?=.{1,253}\\z)(?!(?:.*\\.)?[0-9]+\\z)(?:" + label + "\\.)*" + label + "\\z";
}

/// Eight groups, of which the last two may be an IPv4 address; or `::` and no more than seven.
std::string ipaddress() {
    const std::string octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    const std::string ipv4 = "(?:" + octet + "\\.){3}" + octet;
    const std::string hex = "[0-9A-Fa-f]{1,4}";
    const std::string full = "(?:" + hex + ":){6}(?:" + hex + ":" + hex + "|" + ipv4 + ")";
    const std::string too_many =
        "(?!:{0,2}(?:" + hex + "::?){7}" + hex + ")(?!:{0,2}(?:" + hex + "::?){6}[0-9]+\\.)";
    const std::string short_form =
        too_many + "(?:" + hex + "(?::" + hex + ")*)?::(?:(?:" + hex + ":)*(?:" + ipv4 + "|" + hex + "))?";
    return "\\A(?:" + ipv4 + "|" + full + "|" + short_form + ")\\z";
}

}  // namespace

std::optional<std::string> named_pattern(ddl::Validator validator) {
    if (validator == ddl::Validator::fqdn) return fqdn();
    if (validator == ddl::Validator::ipaddress) return ipaddress();
    return std::nullopt;
}

std::optional<std::string_view> validator_of_pattern(std::string_view pattern) {
    for (const auto& [validator, name] : ddl::k_named_validators) {
        if (named_pattern(validator) == pattern) return name;
    }
    return std::nullopt;
}

}  // namespace hocket::ddl_compiler::ruby
