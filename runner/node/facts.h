#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/log.h"
#include "runner/node/facts_folder.h"

namespace hocket::node {

struct FactsSettings {
    std::filesystem::path root = "/";  ///< of the machine's own files: another one in tests
    std::filesystem::path folder;      ///< external facts: facts_folder.h
    FactsFolderLimits limits;
    std::vector<std::string> private_facts;  ///< private_facts.h
    std::chrono::milliseconds refresh{60'000};

    bool operator==(const FactsSettings&) const = default;
};

struct FactsStats {
    std::size_t facts = 0;          ///< top-level names, private ones included
    std::int64_t refreshed_at = 0;  ///< Unix milliseconds; 0 before the first time
    FileErrors errors;              ///< of the last refresh
};

/// What this node knows about itself: the built-in facts, and over them the external ones, which replace a
/// built-in fact of the same top-level name as a whole. Gathered anew in the background; a snapshot never
/// changes.
///
/// Errors: a broken file is logged when it breaks and when its reason changes; stats() shows it as long as it
///         is broken.
/// Thread: io thread only; a snapshot may be read by any.
/// Owns:   its timer. May be destroyed while an executable of the folder still runs.
class Facts {
public:
    /// `command`, `clock` and `log` outlive this object and every command that it started.
    Facts(boost::asio::io_context& io, FactsSettings settings, FactCommand& command, const Clock& clock,
          Log& log);

    /// Gathers the facts and then again `settings.refresh` after each time. `ready` is called once, after the
    /// first time and never from inside start(): before it the snapshots are empty, and no request should be
    /// answered.
    void start(std::function<void()> ready);

    /// Gathers them now, unless that is going on.
    void refresh();

    /// Everything: for the node itself.
    std::shared_ptr<const Json> all() const { return all_; }
    /// Without private facts: what filters and built-in agents see.
    std::shared_ptr<const Json> visible() const { return visible_; }

    FactsStats stats() const;

private:
    void finish(const Json& external, const FileErrors& errors);
    void publish(const Json& external);
    void log_new(const FileErrors& errors);
    void arm_timer();

    FactsSettings settings_;
    FactsFolder folder_;
    const Clock& clock_;
    Log& log_;
    boost::asio::steady_timer timer_;
    std::function<void()> ready_;
    bool is_refreshing_ = false;
    std::shared_ptr<const Json> all_;
    std::shared_ptr<const Json> visible_;
    std::int64_t refreshed_at_ = 0;
    FileErrors errors_;
    /// Callbacks hold it weakly: it tells them whether this object is still there.
    std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace hocket::node
