#pragma once

#include "core/ddl/fields.h"
#include "core/ddl/model.h"

namespace hocket::ddl {

/// Reads a whole document. Its kind is that of its key `kind`, or else the one that fits its other keys, or else the
/// usual one. Problems are in the context's report; what is returned then is incomplete.
Description read_description(const SourceNode& root, Kind usual, ReadContext& context);

/// The `metadata` of a description of that kind.
Metadata read_metadata(const SourceNode& node, Kind kind, ReadContext& context);

/// (agent_reader.cpp) `fields`: the document, of which the keys that all kinds share are read.
Agent read_agent(Fields& fields, Metadata metadata, ReadContext& context);

/// (data_reader.cpp) The same of a data plugin.
DataPlugin read_data(Fields& fields, Metadata metadata, ReadContext& context);

}  // namespace hocket::ddl
