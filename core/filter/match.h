#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/base/json.h"
#include "core/filter/filter.h"

namespace hocket::filter {

/// What a filter sees of a node.
struct NodeView {
    std::string_view identity;
    std::span<const std::string> agents;
    std::span<const std::string> classes;  ///< those it has; not needed when the filter asks for none
    const Json& facts;                     ///< an object, without private facts
};

/// Whether the node is meant: it matches one of the identities (if there are any), and for each agent, class
/// and fact term it has what the term asks for. All comparisons are case-sensitive.
///
/// A fact that is missing, null or an object holds under no operator, `!=` included. Of any other fact:
///   =          a decimal equals a decimal by value (16 = "16.0"); other strings are equal byte by byte; a
///              boolean equals the text true or false
///   !=         exactly where `=` does not hold
///   < <= > >=  two decimals by value; else a string by order_of_texts(); a boolean never, nor a number
///              against a text
///   =~         search in the string, in the number as JSON writes it, or in true or false
/// Where the fact is a string and both sides have a fraction, they are no decimals but versions of two parts:
/// "12.11" > 12.5, and "15.10" is not 15.1.
/// An array holds if one of its elements does; under `!=` if no element is equal. Elements that are null,
/// objects or arrays equal nothing.
bool matches(const Filter& filter, const NodeView& node);

/// One fact term alone.
bool holds(const FactTerm& term, const Json& facts);

}  // namespace hocket::filter
