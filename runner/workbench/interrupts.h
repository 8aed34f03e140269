#pragma once

#include <csignal>
#include <exception>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace hocket::workbench {

/// Somebody wants us to end: SIGHUP, SIGINT or SIGTERM waits to be delivered.
class Interrupted : public std::exception {
public:
    const char* what() const noexcept override { return "interrupted"; }
};

/// Holds those signals back (unless they are ignored, as under nohup) while there is something that must not be left behind. When
/// one comes, whoever runs the io_context gets Interrupted thrown, and puts away what he has on his way out. With the end of this
/// object the signal is delivered, which ends the process as if nobody had held it back: a shell sees 128 + its number.
///
/// Thread: the only one of the process.
class Interrupts {
public:
    /// As long as this object lives, io never runs out of work.
    explicit Interrupts(boost::asio::io_context& io);
    ~Interrupts();
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;

private:
    sigset_t held_;
    boost::asio::posix::stream_descriptor pending_;
};

}  // namespace hocket::workbench
