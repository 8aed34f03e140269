#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "core/ddl/diagnostic.h"
#include "core/ddl/fields.h"
#include "core/ddl/validators.h"

namespace hocket::ddl {

/// Reads an object of validators by name (spec/ddl.md, own validators) and declares them beside those that are known; one
/// of the same name is replaced. Their order does not matter. Problems are in the context's report.
void read_validators(const SourceNode& declared, Validators& validators, ReadContext& context);

/// Whether files that others can change are taken: a node does not, since they decide what an agent is given.
enum class Trust { checked, any };

/// Reads every .yaml, .yml and .json of a folder, each an object with the key `validators`. A folder that is not there
/// has none.
/// Errors: io; invalid_config for a file that is not trusted; invalid_ddl with every problem.
Result<Validators> read_validators_folder(const std::filesystem::path& folder, Trust trust = Trust::any);

}  // namespace hocket::ddl
