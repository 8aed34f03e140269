#include "ddl-compiler/ruby/problems.h"

namespace hocket::ddl_compiler::ruby {

namespace {

// More than a report keeps of one source.
constexpr std::size_t k_max_known = 1000;

}  // namespace

bool Problems::is_new(std::size_t offset, const std::string& message) {
    if (known_.size() >= k_max_known) return !known_.contains({offset, message});
    return known_.emplace(offset, message).second;
}

void Problems::error(std::size_t offset, const std::string& message, const std::string& hint,
                     const Places& related) {
    ++errors_;
    if (is_new(offset, message)) report_.error(offset, message, hint, related);
}

void Problems::warning(ddl::Warning warning, std::size_t offset, const std::string& message,
                       const std::string& hint, const Places& related) {
    if (is_new(offset, message)) report_.warning(warning, offset, message, hint, related);
}

void Problems::leave_out(std::size_t offset, const std::string& message, const std::string& hint,
                         const Places& related) {
    is_complete_ = false;
    error(offset, message, hint, related);
}

void Problems::refuse(std::size_t offset, const std::string& message, const std::string& hint,
                      const Places& related) {
    leave_out(offset, message, hint, related);
    throw Refused();
}

void Problems::refuse_construct(std::size_t offset, const std::string& construct, const std::string& hint) {
    refuse(offset, construct + " is not read here: only literals, loops over them and simple conditions are",
           hint);
}

}  // namespace hocket::ddl_compiler::ruby
