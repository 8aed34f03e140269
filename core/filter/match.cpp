#include "core/filter/match.h"

#include <algorithm>
#include <compare>
#include <optional>

#include <nlohmann/json.hpp>

#include "core/filter/fact_path.h"

namespace hocket::filter {

namespace {

bool are_versions(std::string_view left, std::string_view right) {
    const auto is_version = [](std::string_view decimal) {
        return decimal.find('.') != std::string_view::npos && !decimal.starts_with('-');
    };
    return is_version(left) && is_version(right);
}

/// Nothing unless both sides are numbers.
std::optional<std::partial_ordering> order_of_numbers(const Json& fact, const FactTerm& term) {
    const std::optional<Decimal> number = Decimal::from_json(fact);
    if (!number || !term.number()) return std::nullopt;
    if (fact.is_string() && are_versions(fact.get_ref<const std::string&>(), term.value()))
        return std::nullopt;
    return *number <=> *term.number();
}

bool equals(const Json& fact, const FactTerm& term) {
    if (fact.is_boolean()) return term.value() == (fact.get<bool>() ? "true" : "false");
    if (const auto order = order_of_numbers(fact, term)) return std::is_eq(*order);
    return fact.is_string() && fact.get_ref<const std::string&>() == term.value();
}

std::partial_ordering order_of(const Json& fact, const FactTerm& term) {
    if (const auto order = order_of_numbers(fact, term)) return *order;
    if (!fact.is_string()) return std::partial_ordering::unordered;
    return order_of_texts(fact.get_ref<const std::string&>(), term.value());
}

bool is_found(const Json& fact, const FactTerm& term) {
    if (fact.is_string()) return term.expression()->search(fact.get_ref<const std::string&>());
    return term.expression()->search(dump_json(fact));
}

bool scalar_holds(const Json& fact, const FactTerm& term) {
    if (fact.is_null() || fact.is_structured()) return false;
    switch (term.op()) {
        case FactOperator::equal: return equals(fact, term);
        case FactOperator::not_equal: return !equals(fact, term);
        case FactOperator::less: return std::is_lt(order_of(fact, term));
        case FactOperator::less_equal: return std::is_lteq(order_of(fact, term));
        case FactOperator::greater: return std::is_gt(order_of(fact, term));
        case FactOperator::greater_equal: return std::is_gteq(order_of(fact, term));
        case FactOperator::regex: return is_found(fact, term);
    }
    return false;
}

bool array_holds(const Json& array, const FactTerm& term) {
    if (term.op() == FactOperator::not_equal) {
        return std::none_of(array.begin(), array.end(),
                            [&](const Json& element) { return equals(element, term); });
    }
    return std::any_of(array.begin(), array.end(),
                       [&](const Json& element) { return scalar_holds(element, term); });
}

bool any_matches(const Term& term, std::span<const std::string> names) {
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return term.matches(name); });
}

bool all_match(const std::vector<Term>& terms, std::span<const std::string> names) {
    return std::all_of(terms.begin(), terms.end(),
                       [&](const Term& term) { return any_matches(term, names); });
}

bool identity_matches(const std::vector<Term>& terms, std::string_view identity) {
    return terms.empty() ||
           std::any_of(terms.begin(), terms.end(), [&](const Term& term) { return term.matches(identity); });
}

bool facts_hold(const std::vector<FactTerm>& terms, const Json& facts) {
    return std::all_of(terms.begin(), terms.end(), [&](const FactTerm& term) { return holds(term, facts); });
}

}  // namespace

bool holds(const FactTerm& term, const Json& facts) {
    const Json* fact = find_fact(facts, term.path());
    if (fact == nullptr) return false;
    return fact->is_array() ? array_holds(*fact, term) : scalar_holds(*fact, term);
}

bool matches(const Filter& filter, const NodeView& node) {
    return !filter.has_unknown_kind() && identity_matches(filter.identities, node.identity) &&
           all_match(filter.agents, node.agents) && all_match(filter.classes, node.classes) &&
           facts_hold(filter.facts, node.facts);
}

}  // namespace hocket::filter
