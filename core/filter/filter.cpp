#include "core/filter/filter.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "core/base/text.h"
#include "core/filter/expression.h"

namespace hocket::filter {

namespace {

Error in_option(const Error& error, std::string_view option, std::string_view text) {
    return error.within(std::string(option) + " " + quote_bytes(text));
}

Result<std::vector<Term>> parse_terms(Term::Kind kind, std::string_view option,
                                      const std::vector<std::string>& texts) {
    std::vector<Term> terms;
    for (const std::string& text : texts) {
        Result<Term> term = Term::parse(kind, trim(text));
        if (!term) return in_option(term.error(), option, text);
        terms.push_back(std::move(*term));
    }
    return terms;
}

Result<std::vector<FactTerm>> parse_facts(const std::vector<std::string>& texts) {
    std::vector<FactTerm> facts;
    for (const std::string& text : texts) {
        Result<FactTerm> fact = FactTerm::parse(text);
        if (!fact) return in_option(fact.error(), "-F", text);
        facts.push_back(std::move(*fact));
    }
    return facts;
}

std::size_t count_expressions(const std::vector<Term>& terms) {
    const auto count =
        std::count_if(terms.begin(), terms.end(), [](const Term& term) { return !term.is_literal(); });
    return static_cast<std::size_t>(count);
}

std::size_t count_expressions(const std::vector<FactTerm>& facts) {
    const auto count = std::count_if(facts.begin(), facts.end(),
                                     [](const FactTerm& fact) { return fact.op() == FactOperator::regex; });
    return static_cast<std::size_t>(count);
}

template <class T>
std::size_t count_instructions(const std::vector<T>& terms) {
    std::size_t count = 0;
    for (const T& term : terms)
        count += term.instructions();
    return count;
}

/// What a node would refuse is not sent.
Result<void> check_limits(const Filter& filter) {
    const std::size_t terms =
        filter.identities.size() + filter.classes.size() + filter.agents.size() + filter.facts.size();
    if (terms > k_max_terms) {
        return Error{ErrorCode::usage,
                     std::to_string(terms) + " filter terms, the limit is " + std::to_string(k_max_terms),
                     {}};
    }
    const std::size_t expressions = count_expressions(filter.identities) + count_expressions(filter.classes) +
                                    count_expressions(filter.agents) + count_expressions(filter.facts);
    if (expressions > k_max_expressions) {
        return Error{ErrorCode::usage,
                     std::to_string(expressions) + " expressions in the filter, the limit is " +
                         std::to_string(k_max_expressions) + "; try one with alternatives, /a|b/",
                     {}};
    }
    const std::size_t instructions = count_instructions(filter.identities) +
                                     count_instructions(filter.classes) + count_instructions(filter.agents) +
                                     count_instructions(filter.facts);
    if (instructions > k_max_instructions) {
        return Error{ErrorCode::usage,
                     "the expressions of the filter are too large together; try without classes such as \\pL "
                     "and without "
                     "large repetitions",
                     {}};
    }
    return {};
}

}  // namespace

bool Filter::is_everybody() const {
    return identities.empty() && classes.empty() && agents.empty() && facts.empty() && unknown_kinds.empty();
}

std::optional<std::vector<std::string>> Filter::literal_identities() const {
    const bool only_identities = classes.empty() && agents.empty() && facts.empty() && unknown_kinds.empty();
    if (identities.empty() || !only_identities) return std::nullopt;
    std::vector<std::string> names;
    std::unordered_set<std::string_view> seen;
    for (const Term& term : identities) {
        if (!term.is_literal()) return std::nullopt;
        if (seen.insert(term.text()).second) names.push_back(term.text());
    }
    return names;
}

Result<Filter> parse_filter(const FilterTexts& texts) {
    Result<std::vector<Term>> identities = parse_terms(Term::Kind::identity, "-I", texts.identities);
    if (!identities) return identities.error();
    Result<std::vector<Term>> classes = parse_terms(Term::Kind::class_name, "-C", texts.classes);
    if (!classes) return classes.error();
    Result<std::vector<Term>> agents = parse_terms(Term::Kind::agent, "-A", texts.agents);
    if (!agents) return agents.error();
    Result<std::vector<FactTerm>> facts = parse_facts(texts.facts);
    if (!facts) return facts.error();
    Filter filter{std::move(*identities), std::move(*classes), std::move(*agents), std::move(*facts), {}};
    const Result<void> checked = check_limits(filter);
    if (!checked) return checked.error();
    return filter;
}

}  // namespace hocket::filter
