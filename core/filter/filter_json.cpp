#include <utility>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "core/filter/expression.h"
#include "core/filter/filter.h"

namespace hocket::filter {

namespace {

Error malformed(std::string message) {
    return {ErrorCode::malformed_message, std::move(message), {}};
}

Json texts_of(const std::vector<Term>& terms) {
    Json texts = Json::array();
    for (const Term& term : terms)
        texts.push_back(term.text());
    return texts;
}

/// Counts the terms as it reads them, so that a filter over the limits is refused before it costs much.
class Reader {
public:
    Result<Filter> read(const Json& document);

private:
    Result<void> read_kind(const std::string& kind, const Json& list);
    Result<void> read_member(const std::string& kind, const Json& element);
    Result<void> read_term(Term::Kind kind, const Json& element, std::vector<Term>& terms);
    Result<void> read_fact(const Json& element);
    Result<void> count_term();
    Result<void> count_expression();
    Result<void> count_instructions(std::size_t number);

    Filter filter_;
    std::size_t terms_ = 0;
    std::size_t expressions_ = 0;
    std::size_t instructions_ = 0;
};

bool is_known_kind(std::string_view kind) {
    return kind == "identities" || kind == "classes" || kind == "agents" || kind == "facts";
}

Result<std::string> text_member(const Json& object, std::string_view name) {
    const auto member = object.find(name);
    if (member == object.end()) return malformed("member '" + std::string(name) + "' is missing");
    if (!member->is_string()) return malformed("member '" + std::string(name) + "' is not a string");
    return member->get<std::string>();
}

Result<Filter> Reader::read(const Json& document) {
    if (!document.is_object()) return malformed("the filter is not an object");
    for (const auto& [kind, list] : document.items()) {
        if (!is_known_kind(kind)) {
            filter_.unknown_kinds.push_back(kind);
            continue;
        }
        const Result<void> read = read_kind(kind, list);
        if (!read) return read.error();
    }
    return std::move(filter_);
}

Result<void> Reader::read_kind(const std::string& kind, const Json& list) {
    const std::string pointer = "/" + kind;
    if (!list.is_array()) return malformed(pointer + ": is not an array");
    if (list.empty()) return malformed(pointer + ": is empty; leave it out when it asks for nothing");
    for (std::size_t i = 0; i < list.size(); ++i) {
        const Result<void> read = read_member(kind, list[i]);
        if (!read) return malformed(pointer + "/" + std::to_string(i) + ": " + read.error().message);
    }
    return {};
}

Result<void> Reader::read_member(const std::string& kind, const Json& element) {
    Result<void> counted = count_term();
    if (!counted) return counted;
    if (kind == "facts") return read_fact(element);
    if (kind == "classes") return read_term(Term::Kind::class_name, element, filter_.classes);
    if (kind == "agents") return read_term(Term::Kind::agent, element, filter_.agents);
    return read_term(Term::Kind::identity, element, filter_.identities);
}

Result<void> Reader::read_term(Term::Kind kind, const Json& element, std::vector<Term>& terms) {
    if (!element.is_string()) return malformed("is not a string");
    const auto& text = element.get_ref<const std::string&>();
    if (is_expression(text)) {
        Result<void> counted = count_expression();
        if (!counted) return counted;
    }
    Result<Term> term = Term::parse(kind, text);
    if (!term) return term.error();
    terms.push_back(std::move(*term));
    return count_instructions(terms.back().instructions());
}

Result<void> Reader::read_fact(const Json& element) {
    if (!element.is_object()) return malformed("is not an object");
    Result<std::string> path = text_member(element, "fact");
    if (!path) return path.error();
    const Result<std::string> word = text_member(element, "operator");
    if (!word) return word.error();
    Result<std::string> value = text_member(element, "value");
    if (!value) return value.error();
    if (element.size() != 3) return malformed("has members other than fact, operator and value");
    const std::optional<FactOperator> op = fact_operator_from(*word);
    if (!op) return malformed("operator " + quote_bytes(*word) + " is none of = != < > <= >= =~");
    if (*op == FactOperator::regex) {
        Result<void> counted = count_expression();
        if (!counted) return counted;
    }
    Result<FactTerm> fact = FactTerm::make(std::move(*path), *op, std::move(*value));
    if (!fact) return fact.error();
    filter_.facts.push_back(std::move(*fact));
    return count_instructions(filter_.facts.back().instructions());
}

Result<void> Reader::count_term() {
    if (++terms_ <= k_max_terms) return {};
    return malformed("more than " + std::to_string(k_max_terms) + " terms");
}

Result<void> Reader::count_expression() {
    if (++expressions_ <= k_max_expressions) return {};
    return malformed("more than " + std::to_string(k_max_expressions) + " expressions");
}

Result<void> Reader::count_instructions(std::size_t number) {
    instructions_ += number;
    if (instructions_ <= k_max_instructions) return {};
    return malformed("too large together with the other expressions");
}

}  // namespace

Json to_json(const Filter& filter) {
    Json document = Json::object();
    if (!filter.identities.empty()) document["identities"] = texts_of(filter.identities);
    if (!filter.classes.empty()) document["classes"] = texts_of(filter.classes);
    if (!filter.agents.empty()) document["agents"] = texts_of(filter.agents);
    for (const FactTerm& fact : filter.facts) {
        document["facts"].push_back(
            {{"fact", fact.path()}, {"operator", to_string(fact.op())}, {"value", fact.value()}});
    }
    for (const std::string& kind : filter.unknown_kinds)
        document[kind] = Json::array();
    return document;
}

Result<Filter> from_json(const Json& document) {
    return Reader().read(document);
}

}  // namespace hocket::filter
