#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/filter/fact_term.h"
#include "core/filter/term.h"

namespace hocket::filter {

/// Terms of all kinds together.
inline constexpr std::size_t k_max_terms = 10'000;

/// Which nodes are meant (spec/protocol.md, filters). A filter without terms means everybody;
/// core/filter/match.h says when one matches.
/// Thread: any, as long as nobody changes it.
struct Filter {
    std::vector<Term> identities = {};
    std::vector<Term> classes = {};
    std::vector<Term> agents = {};
    std::vector<FactTerm> facts = {};
    /// Kinds of terms that only a newer client knows. A filter with one never matches.
    std::vector<std::string> unknown_kinds = {};

    bool has_unknown_kind() const { return !unknown_kinds.empty(); }
    bool is_everybody() const;

    /// The nodes meant, each once and in the order given, when literal identities are all there is: then
    /// nobody needs to be discovered.
    std::optional<std::vector<std::string>> literal_identities() const;
};

/// What the options -F, -C, -A and -I of the command line hold.
struct FilterTexts {
    std::vector<std::string> facts = {};
    std::vector<std::string> classes = {};
    std::vector<std::string> agents = {};
    std::vector<std::string> identities = {};
};

/// Errors: usage, naming the option and the text that is wrong.
Result<Filter> parse_filter(const FilterTexts& texts);

/// The wire's form. A kind without terms is left out; an unknown kind is written as an empty list, so that
/// the filter still never matches.
///
///     filter = { ["facts": [fact, …]] ["classes": terms] ["agents": terms] ["identities": terms] }
///     terms  = [term, …]
///     fact   = { "fact": path, "operator": "=" | "!=" | "<" | ">" | "<=" | ">=" | "=~", "value": text }
///     term   = text, literal or between slashes an expression
Json to_json(const Filter& filter);

/// Reads the wire's form. An empty list of a known kind is refused: a list that came out empty by mistake
/// must not mean everybody. Any other member is an unknown kind, whatever its value.
/// Errors: malformed_message, with the pointer of the place.
Result<Filter> from_json(const Json& document);

}  // namespace hocket::filter
