#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hocket::process {

/// Keeps everything up to a limit; beyond it the rest is only counted.
class Capped {
public:
    explicit Capped(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    void append(std::string_view bytes);
    bool over() const { return total_ > max_bytes_; }
    bool any() const { return total_ > 0; }

    /// What was kept; from now on nothing is.
    std::string take();

private:
    std::size_t max_bytes_;
    std::size_t room_ = max_bytes_;
    std::uint64_t total_ = 0;
    std::string bytes_;
};

/// Text of which the beginning and the end are kept.
struct Excerpt {
    std::string text;  ///< bytes as written, with a line "[… N bytes left out …]" in the gap, if there is one
    bool truncated = false;
    std::uint64_t total_bytes = 0;
};

/// Keeps the first and the last bytes of a stream of any length.
class HeadAndTail {
public:
    HeadAndTail(std::size_t head_bytes, std::size_t tail_bytes)
        : head_bytes_(head_bytes), tail_bytes_(tail_bytes) {}

    /// Half of it for each.
    explicit HeadAndTail(std::size_t max_bytes) : HeadAndTail(max_bytes / 2, max_bytes - max_bytes / 2) {}

    void append(std::string_view bytes);
    Excerpt excerpt() const;

private:
    std::size_t head_bytes_;
    std::size_t tail_bytes_;
    std::uint64_t total_ = 0;
    std::string head_;
    std::string tail_;  ///< at most twice its limit, so that it is not moved for each byte
};

}  // namespace hocket::process
