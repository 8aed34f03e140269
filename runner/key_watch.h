#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/base/file_stamp.h"

namespace hocket {

/// Tells that one of the files with keys, certificates or revocations was replaced: CRLs and short-lived certificates
/// change often, and by programs that know nothing of hocketd. Looks at them now and then, which works on every file
/// system.
///
/// Thread: io thread only.
class KeyWatch {
public:
    KeyWatch(boost::asio::io_context& io, std::function<void()> changed)
        : timer_(io), changed_(std::move(changed)) {}

    /// From now on these files, as they are now, so often. Called before they are read: what changes meanwhile is told.
    void watch(std::vector<std::filesystem::path> files, std::chrono::milliseconds interval);

private:
    std::vector<FileStamp> stamps() const;
    void wait();

    boost::asio::steady_timer timer_;
    std::function<void()> changed_;
    std::chrono::milliseconds interval_{0};
    std::vector<std::filesystem::path> files_;
    std::vector<FileStamp> seen_;
};

}  // namespace hocket
