#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "client/lib/config.h"
#include "core/ddl/model.h"

namespace hocket::client {

/// A DDL and where it comes from. One that did not come from a folder of the user only types what stands on the command
/// line and renders help: it never gives defaults, and a folder's is used instead of it whenever there is one, so it
/// never lowers `safety` or `sensitive`.
struct AgentDdl {
    enum class Origin { folder, cache, node };

    ddl::Agent agent;
    Origin origin = Origin::folder;
    std::string place;   ///< the file, or the node's identity
    std::string digest;  ///< of its canonical form
};

/// The DDLs that this machine has: those of the user's folders, and those that nodes once sent.
///
///     folder = AGENT/AGENT.{json,yaml,yml}, as agents are installed, or AGENT.{json,yaml,yml}
///     cache  = AGENT-DIGEST.json; the canonical JSON with that digest
///
/// Thread: any. Blocks on the disk.
class DdlSource {
public:
    explicit DdlSource(DdlConfig config) : config_(std::move(config)) {}

    /// The first folder that has it wins; none when no folder has it.
    /// Errors: io, invalid_ddl (it is there and broken: then nothing else is tried).
    Result<std::optional<AgentDdl>> in_folders(const std::string& agent) const;

    /// A damaged file counts as absent.
    std::optional<AgentDdl> cached(const std::string& agent, const std::string& digest) const;

    /// The one that a node sent last: good enough for help, and better than none when no node gives it.
    std::optional<AgentDdl> last_cached(const std::string& agent) const;

    /// A DDL as a node sent it; kept in the cache, if that can be written.
    /// Errors: invalid_ddl: not the digest it claims, not that agent's, or broken.
    Result<AgentDdl> accept(const std::string& agent, const std::string& digest, const std::string& text,
                            const std::string& identity) const;

private:
    std::filesystem::path cache_file(const std::string& agent, const std::string& digest) const;
    void keep(const std::filesystem::path& file, const std::string& text) const;

    DdlConfig config_;
};

/// The action of that name. Errors: usage, with the actions that there are.
Result<ddl::Action> find_action(const ddl::Agent& agent, const std::string& action);

}  // namespace hocket::client
