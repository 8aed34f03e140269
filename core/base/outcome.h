#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace hocket {

/// How a request ended on one node: the closed list of spec/outcomes.md. Branch on the word; the number is there
/// for compatibility with MCollective and Choria.
enum class Outcome {
    ok,
    failed,
    unknown_agent,
    unknown_action,
    invalid,
    unsupported,
    denied,
    not_matched,
    timeout,
    crashed,
    bad_reply,
    invalid_output,
    too_large,
    busy,
    draining,
    expired,
    clock_skew,
    internal,
    no_response,  ///< client only
    not_sent,     ///< client only
    cancelled,    ///< client only
};

inline constexpr std::array k_outcomes = {
    Outcome::ok,         Outcome::failed,      Outcome::unknown_agent, Outcome::unknown_action,
    Outcome::invalid,    Outcome::unsupported, Outcome::denied,        Outcome::not_matched,
    Outcome::timeout,    Outcome::crashed,     Outcome::bad_reply,     Outcome::invalid_output,
    Outcome::too_large,  Outcome::busy,        Outcome::draining,      Outcome::expired,
    Outcome::clock_skew, Outcome::internal,    Outcome::no_response,   Outcome::not_sent,
    Outcome::cancelled};

std::string_view to_string(Outcome outcome);

/// The outcome with that word; nothing for a word that is not in the list.
std::optional<Outcome> outcome_from(std::string_view word);

/// Whether a node may put it into a reply; the others exist on the client alone.
bool is_node_outcome(Outcome outcome);

/// The MCollective status code. `failed` has the agent's own code (1 to 5): 1 is returned for it.
int statuscode(Outcome outcome);

}  // namespace hocket
