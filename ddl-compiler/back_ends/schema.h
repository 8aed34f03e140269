#pragma once

#include <string>

#include "core/ddl/model.h"

namespace hocket::ddl_compiler {

/// One document of JSON Schema 2020-12 for an agent:
///
///     {
///       "$schema": "https://json-schema.org/draft/2020-12/schema",
///       "$id": "urn:hocket:ddl:NAME:VERSION",
///       "title": NAME, "description": …,
///       a request to the agent: an object with `action`, with its `inputs`, and whatever else,
///       "$defs": {
///         "ACTION.input":  { "$anchor": "ACTION.input", … },      the inputs; no others may be there
///         "ACTION.output": { "$anchor": "ACTION.output", … }      the outputs; others may be there
///       }
///     }
///
/// The document itself is for whatever holds a call: `{"action": …, "inputs": …}` in a file of one's own, the payload
/// of a request (spec/protocol.md), what an agent reads (spec/agent.md). A form or an editor that asks for the inputs of
/// one action takes `#/$defs/ACTION.input`, or the anchor by the same name, which an action whose name begins with a
/// digit cannot have. What an agent answers as `data` is held against `ACTION.output`. Ajv's strict mode, its default,
/// takes anchors for unknown keywords until it is told of them: `ajv.addVocabulary(["$anchor"])`.
///
/// The rules are those of core/ddl/values.h, with `default`, `title` (the prompt, or `display_as`) and `writeOnly` (of a
/// sensitive input) for forms. A `$comment` names the validation of which a pattern was made; where that has no portable
/// form (portable_pattern.h) there is the comment alone. JSON Schema cannot tell these from each other, so the schema
/// accepts what the node refuses:
///   - 1 and 1.0 in a `list`;
///   - for `float`, an integer that no double holds exactly;
///   - for `integer`, -2^63 as a float (-9.223372036854775808e18), and 2^63 in validators that read numbers as doubles.
///
/// Ends with a newline.
std::string write_schema(const ddl::Agent& agent);

}  // namespace hocket::ddl_compiler
