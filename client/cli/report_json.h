#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "client/cli/report.h"

namespace hocket::cli {

inline constexpr char k_result_schema[] = "io.hocket.result.v1";

/// The document of `--json`. Every member is always there; null stands for what is absent.
Json report_json(const Report& report, const Detail& detail);

/// The document of a command that shows the replies that are ok in a form of its own: instead of `replies` it has
/// `failures`, those that are not.
Json own_report_json(const Report& report, const char* schema);

/// One element of `replies`; also a line of `--jsonl`.
Json reply_json(const Report& report, const client::NodeReply& node, const Detail& detail);

Json missing_json(const std::vector<client::MissingNode>& missing);
Json unexpected_json(const std::vector<client::NodeReply>& unexpected);
Json rejected_json(const client::Rejected& rejected);
Json refusals_json(const std::vector<client::NodeReply>& refusals);

/// The whole output of a command that made a key.
std::string key_json(const std::string& id, const std::filesystem::path& file);

}  // namespace hocket::cli
