#include "core/ddl/named_validators.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>

#include "core/base/regex.h"

namespace hocket::ddl {

namespace {

constexpr std::string_view k_shell_characters = "`$;|&<>'\"\\()";

bool is_control(unsigned char byte) {
    return byte < 0x20 || byte == 0x7F;
}

bool is_shellsafe(std::string_view value) {
    const bool ascii_safe = std::none_of(value.begin(), value.end(), [](char character) {
        return is_control(static_cast<unsigned char>(character)) ||
               k_shell_characters.find(character) != std::string_view::npos;
    });
    // The C1 controls, U+0080 to U+009F, are C2 80 to C2 9F in UTF-8.
    static const Regex c1_control = Regex::compile("[\\x{80}-\\x{9f}]").value();
    return ascii_safe && !c1_control.search(value);
}

bool is_address(int family, std::string_view value) {
    // inet_pton reads up to a NUL: what stands after one would go unseen.
    if (value.find('\0') != std::string_view::npos) return false;
    in6_addr address{};
    return inet_pton(family, std::string(value).c_str(), &address) == 1;
}

bool is_ip_address(std::string_view value) {
    return is_address(AF_INET, value) || is_address(AF_INET6, value);
}

bool is_fqdn(std::string_view value) {
    static const Regex labels =
        Regex::compile(
            "([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
            .value();
    static const Regex numeric_end = Regex::compile("(^|\\.)[0-9]+$").value();
    return value.size() <= 253 && labels.full_match(value) && !numeric_end.search(value);
}

bool is_port(std::string_view text) {
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

/// HOST, HOST:PORT, IPv6 or [IPv6]:PORT; HOST is a name or an IPv4 address.
bool is_server_address(std::string_view value) {
    if (is_address(AF_INET6, value)) return true;
    if (value.starts_with('[')) {
        const std::size_t end = value.find("]:");
        return end != std::string_view::npos && is_address(AF_INET6, value.substr(1, end - 1)) &&
               is_port(value.substr(end + 2));
    }
    const std::size_t colon = value.find(':');
    const std::string_view host = value.substr(0, colon);
    return (is_address(AF_INET, host) || is_fqdn(host)) &&
           (colon == std::string_view::npos || is_port(value.substr(colon + 1)));
}

/// The whole text matches the pattern, which is compiled once.
template <const char* pattern>
bool matches(std::string_view value) {
    static const Regex regex = Regex::compile(pattern).value();
    return regex.full_match(value);
}

constexpr char k_service_name[] = "[a-zA-Z0-9._:@-]+";
constexpr char k_package_name[] = "[a-zA-Z0-9._-]+";
constexpr char k_puppet_variable[] = "[a-zA-Z]|[a-zA-Z0-9_]{2,}";
constexpr char k_puppet_tags[] = "(?:[a-zA-Z]|[a-zA-Z0-9_]{2,})(?:(?:::|,)(?:[a-zA-Z]|[a-zA-Z0-9_]{2,}))*";
constexpr char k_puppet_resource[] = "[a-zA-Z0-9_]+\\[.+\\]";

}  // namespace

std::optional<Validator> built_in_validator(std::string_view name) {
    const auto found =
        std::ranges::find(k_named_validators, name, &std::pair<Validator, std::string_view>::second);
    if (found == k_named_validators.end()) return std::nullopt;
    return found->first;
}

bool looks_like_validator(std::string_view text) {
    return text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

bool accepts(Validator built_in, std::string_view text) {
    switch (built_in) {
        case Validator::shellsafe: return is_shellsafe(text);
        case Validator::ipv4address: return is_address(AF_INET, text);
        case Validator::ipv6address: return is_address(AF_INET6, text);
        case Validator::ipaddress: return is_ip_address(text);
        case Validator::fqdn: return is_fqdn(text);
        case Validator::service_name: return matches<k_service_name>(text);
        case Validator::package_name: return matches<k_package_name>(text);
        case Validator::puppet_variable: return matches<k_puppet_variable>(text);
        case Validator::puppet_tags: return matches<k_puppet_tags>(text);
        case Validator::puppet_resource: return matches<k_puppet_resource>(text);
        case Validator::puppet_server_address: return is_server_address(text);
        case Validator::none: return true;
        case Validator::declared:
        case Validator::regex: break;
    }
    return false;
}

std::string describe(Validator built_in) {
    switch (built_in) {
        case Validator::shellsafe:
            return "text without control characters and " + std::string(k_shell_characters);
        case Validator::ipv4address: return "an IPv4 address";
        case Validator::ipv6address: return "an IPv6 address";
        case Validator::ipaddress: return "an IPv4 or IPv6 address";
        case Validator::fqdn: return "a host name";
        case Validator::service_name: return "a service's name: letters, digits and . - _ : @";
        case Validator::package_name: return "a package's name: letters, digits and . - _";
        case Validator::puppet_variable: return "a Puppet variable: letters, digits and _";
        case Validator::puppet_tags: return "Puppet tags, with commas between them";
        case Validator::puppet_resource: return "a Puppet resource, such as File[/tmp/x]";
        case Validator::puppet_server_address: return "a server's name or address, and :port if wanted";
        case Validator::none:
        case Validator::declared:
        case Validator::regex: break;
    }
    return "any text";
}

}  // namespace hocket::ddl
