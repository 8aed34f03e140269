#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string_view>

#include "core/process/capture.h"
#include "core/process/child_pipes.h"
#include "core/process/ended.h"
#include "core/process/listener.h"
#include "core/process/output.h"
#include "core/process/spec.h"

namespace hocket::process {

/// What a child writes: stdout, stderr and descriptor 3, if it has one. The reply channel is 3 if a byte was read from it,
/// else stdout; its limit is the one that can be passed. If the reply is a file there is none, and nothing to wait for.
///
/// Thread: io thread only. The events come from the event loop or from inside drain().
/// Owns:   our ends of the pipes.
class Channels {
public:
    struct Events {
        std::function<void()> too_large;                       ///< once or more
        std::function<void()> ended;                           ///< stdout or 3 is at its end
        std::function<void(Channel, std::string_view)> heard;  ///< each piece that is read; may be empty
    };

    Channels(const Spec& spec, Events events);
    Channels(const Channels&) = delete;
    Channels& operator=(const Channels&) = delete;

    /// Errors: io.
    Result<void> watch(const boost::asio::any_io_executor& executor, ChildPipes& pipes);

    /// Reads what is in the pipes now, without waiting for more.
    void drain();

    /// Descriptor 3 was used and is at its end.
    bool was_replied() const;

    /// Nothing more can come on the reply channel. Which one that is is known at the end of 3.
    bool is_reply_complete() const;

    /// Our ends of stdout, stderr and 3; -1 where there is none.
    std::array<int, 3> descriptors();

    /// From then on, what is read is dropped.
    void move_into(Ended& ended);

private:
    bool is_reply_at_end() const;
    void tell(Channel channel, std::string_view bytes);
    void on_output(std::string_view bytes);
    void on_errors(std::string_view bytes);
    void on_reply(std::string_view bytes);

    Events events_;
    const bool keeps_output_;
    std::optional<HeadAndTail> log_bytes_;  ///< of stdout, if the reply is a file
    Capped output_bytes_;
    Capped reply_bytes_;
    HeadAndTail error_bytes_;
    std::optional<Output> output_;
    std::optional<Output> errors_;
    std::optional<Output> reply_;
};

}  // namespace hocket::process
