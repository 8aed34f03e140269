#include "ddl-compiler/back_ends/ruby_validation.h"

#include "core/ddl/validators.h"
#include "ddl-compiler/back_ends/ruby_regex.h"

namespace hocket::ddl_compiler {

namespace {

std::string fqdn_literal() {
    const std::string label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    return "/\\A(?=.{1,253}\\z)(?!(?:.*\\.)?[0-9]+\\z)(?:" + label + "\\.)*" + label + "\\z/";
}

/// Eight groups, of which the last two may be an IPv4 address; or `::` and no more than seven.
std::string ipaddress_literal() {
    const std::string octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    const std::string ipv4 = "(?:" + octet + "\\.){3}" + octet;
    const std::string hex = "[0-9A-Fa-f]{1,4}";
    const std::string full = "(?:" + hex + ":){6}(?:" + hex + ":" + hex + "|" + ipv4 + ")";
    const std::string too_many =
        "(?!:{0,2}(?:" + hex + "::?){7}" + hex + ")(?!:{0,2}(?:" + hex + "::?){6}[0-9]+\\.)";
    const std::string short_form =
        too_many + "(?:" + hex + "(?::" + hex + ")*)?::(?:(?:" + hex + ":)*(?:" + ipv4 + "|" + hex + "))?";
    return "/\\A(?:" + ipv4 + "|" + full + "|" + short_form + ")\\z/";
}

/// Its pattern; what else it asks for has no form in MCollective.
std::string declared_literal(const ddl::ValidatorRule& rule) {
    return rule.pattern.empty() ? "//" : ruby_regex("\\A(?:" + rule.pattern + ")\\z");
}

}  // namespace

std::string ruby_validation(const ddl::Validation& validation) {
    switch (validation.validator()) {
        case ddl::Validator::none: return "//";
        case ddl::Validator::shellsafe:
        case ddl::Validator::ipv4address:
        case ddl::Validator::ipv6address:
        case ddl::Validator::service_name:
        case ddl::Validator::package_name:
        case ddl::Validator::puppet_variable:
        case ddl::Validator::puppet_tags:
        case ddl::Validator::puppet_resource:
        case ddl::Validator::puppet_server_address: return ":" + validation.text();
        case ddl::Validator::ipaddress: return ipaddress_literal();
        case ddl::Validator::fqdn: return fqdn_literal();
        case ddl::Validator::declared: return declared_literal(validation.declared()->rule());
        case ddl::Validator::regex: return ruby_regex(validation.text());
    }
    return {};
}

}  // namespace hocket::ddl_compiler
