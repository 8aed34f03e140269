#include "ddl-compiler/back_ends/portable_validator.h"

#include "ddl-compiler/back_ends/portable_pattern.h"

namespace hocket::ddl_compiler {

namespace {

constexpr int k_address_groups = 8;  ///< of an IPv6 address; `::` stands for at least one of them
constexpr std::string_view k_group = "[0-9A-Fa-f]{1,4}";

/// A part that the whole text has to be.
std::string whole(const std::string& part) {
    return "^" + part + std::string(k_text_end);
}

std::string ipv4_address() {
    const std::string number = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    return number + "(?:\\." + number + "){3}";
}

/// Up to so many groups before `::`.
std::string groups_before(int most) {
    const std::string last(k_group);
    if (most == 0) return "";
    if (most == 1) return "(?:" + last + ")?";
    return "(?:(?:" + last + ":){0," + std::to_string(most - 1) + "}" + last + ")?";
}

/// As RFC 3986 lists them: by the number of groups behind `::`, the last two of which may be an IPv4 address.
std::string ipv6_address() {
    const std::string group(k_group);
    std::string start = "(?:" + group + ":){6}";
    for (int behind = k_address_groups - 1; behind >= 2; --behind) {
        start += "|" + groups_before(k_address_groups - 1 - behind) + "::";
        if (behind > 2) start += "(?:" + group + ":){" + std::to_string(behind - 2) + "}";
    }
    return "(?:(?:" + start + ")(?:" + group + ":" + group + "|" + ipv4_address() + ")|" +
           groups_before(k_address_groups - 2) + "::" + group + "|" + groups_before(k_address_groups - 1) +
           "::)";
}

/// A port may stand behind it.
std::string host_name() {
    const std::string label = "[A-Za-z0-9](?:[A-Za-z0-9\\-]{0,61}[A-Za-z0-9])?";
    const std::string not_too_long = "(?![^:]{254})";
    const std::string not_a_number_at_the_end = "(?!(?:[^:]*\\.)?[0-9]+(?![^:]))";
    return not_too_long + not_a_number_at_the_end + "(?:" + label + "\\.)*" + label;
}

std::string server_address() {
    const std::string port =
        ":0*(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";
    return "(?:" + ipv6_address() + "|\\[" + ipv6_address() + "\\]" + port + "|(?:" + ipv4_address() + "|" +
           host_name() + ")(?:" + port + ")?)";
}

}  // namespace

std::optional<std::string> portable_validator(std::string_view name) {
    const std::string variable = "(?:[A-Za-z]|[A-Za-z0-9_]{2,})";
    const std::string tag = variable + "(?:::" + variable + ")*";
    if (name == "shellsafe") return whole("[^\\x00-\\x1F\\x7F-\\x9F`$;\\|&<>'\"\\\\\\(\\)]*");
    if (name == "ipv4address") return whole(ipv4_address());
    if (name == "ipv6address") return whole(ipv6_address());
    if (name == "ipaddress") return whole("(?:" + ipv4_address() + "|" + ipv6_address() + ")");
    if (name == "fqdn") return whole(host_name());
    if (name == "service_name") return whole("[A-Za-z0-9_.:@\\-]+");
    if (name == "package_name") return whole("[A-Za-z0-9_.\\-]+");
    if (name == "puppet_variable") return whole(variable);
    if (name == "puppet_tags") return whole(tag + "(?:," + tag + ")*");
    if (name == "puppet_resource") return whole("[A-Za-z0-9_]+\\[[^\\n]+\\]");
    if (name == "puppet_server_address") return whole(server_address());
    return std::nullopt;
}

}  // namespace hocket::ddl_compiler
