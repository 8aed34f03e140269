#include "core/ddl/validation.h"

#include "core/ddl/validators.h"

namespace hocket::ddl {

Result<Validation> Validation::compile(std::string_view text, const Validators* declared, RegexCache* cache) {
    Validation validation;
    if (text.empty()) return validation;
    validation.text_ = text;
    if (declared != nullptr) validation.declared_ = declared->find(text);
    if (validation.declared_) {
        validation.validator_ = Validator::declared;
        return validation;
    }
    validation.validator_ = built_in_validator(text).value_or(Validator::regex);
    if (validation.validator_ != Validator::regex) return validation;
    Result<Regex> regex = cache != nullptr ? cache->compile(text) : Regex::compile(text);
    if (!regex) return regex.error();
    validation.regex_ = std::move(*regex);
    return validation;
}

bool Validation::accepts(std::string_view value) const {
    if (declared_) return declared_->accepts(value);
    if (regex_) return regex_->search(value);
    return ddl::accepts(validator_, value);
}

std::string Validation::describe() const {
    if (declared_) return declared_->describe();
    if (validator_ == Validator::regex) return "text that matches " + text_;
    return ddl::describe(validator_);
}

}  // namespace hocket::ddl
