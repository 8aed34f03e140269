#pragma once

#include <optional>
#include <string>

#include "core/process/watch.h"

namespace hocket::process {

/// Writes a child's input without ever blocking, then closes the pipe. A child that does not take all of it, or that
/// closes its side, is no error.
///
/// Thread: io thread only.
/// Owns:   the writing side of the pipe.
class Input {
public:
    Input(boost::asio::any_io_executor executor, FileDescriptor pipe, std::string bytes);
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;

private:
    bool write_some();
    void write_all();
    void close();

    boost::asio::any_io_executor executor_;
    FileDescriptor pipe_;         ///< as long as the pipe has taken everything at once
    std::optional<Watch> watch_;  ///< from the first moment that the pipe was full
    std::string bytes_;
    std::size_t written_ = 0;
};

}  // namespace hocket::process
