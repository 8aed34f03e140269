#include "ddl-compiler/back_ends/ruby_validation.h"

#include "core/ddl/validators.h"
#include "ddl-compiler/back_ends/ruby_regex.h"
#include "ddl-compiler/ruby/named_patterns.h"

namespace hocket::ddl_compiler {

namespace {

/// The first that it asks for; comment_on_losses() names the others.
std::string declared_literal(const ddl::DeclaredValidator& validator) {
    const std::vector<std::string> patterns = validator.patterns();
    return patterns.empty() ? "//" : ruby_regex(patterns.front());
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
        case ddl::Validator::ipaddress:
        case ddl::Validator::fqdn: return "/" + ruby::named_pattern(validation.validator()).value() + "/";
        case ddl::Validator::declared: return declared_literal(*validation.declared());
        case ddl::Validator::regex: return ruby_regex(validation.text());
    }
    return {};
}

}  // namespace hocket::ddl_compiler
