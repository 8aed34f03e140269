#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "client/lib/aggregates.h"
#include "client/lib/results.h"
#include "core/ddl/model.h"

namespace hocket::cli {

/// How the nodes of a request were found.
struct Discovered {
    std::size_t count = 0;
    std::vector<client::NodeReply> refusals;  ///< nodes that refused the discovery
    client::Rejected rejected;                ///< answers to it that nobody can trust
    bool nobody_connected = false;            ///< the broker knows no node of the collective
    std::chrono::microseconds elapsed{0};
};

/// All that is shown of one request, in whatever form.
struct Report {
    client::CallResult result;
    std::optional<Discovered> discovered;    ///< none: the nodes were named
    std::optional<ddl::Action> action;       ///< none: nobody knows the DDL
    std::vector<client::Summary> summaries;  ///< what its aggregates ask for
    int exit_code = 0;
};

/// What a person wants to see of it.
struct Detail {
    bool verbose = false;         ///< every reply, one by one, with times
    bool show_sensitive = false;  ///< outputs that the DDL calls sensitive
};

/// What came, during the discovery or after it, and nobody can trust.
client::Rejected all_rejected(const Report& report);

/// The outputs with `***` for those that are not to be shown: of an action with sensitive fields those too that nobody declared.
Json shown_data(const Report& report, const wire::Reply& reply, const Detail& detail);

/// What was changed, as it may be shown: "***" for an action with sensitive fields, unless they are asked for.
std::optional<std::string> shown_diff(const Report& report, const wire::Reply& reply, const Detail& detail);

}  // namespace hocket::cli
