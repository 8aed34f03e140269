#include "core/process/capture.h"

#include <algorithm>
#include <utility>

namespace hocket::process {

void Capped::append(std::string_view bytes) {
    total_ += bytes.size();
    const std::string_view kept = bytes.substr(0, room_);
    room_ -= kept.size();
    bytes_.append(kept);
}

std::string Capped::take() {
    room_ = 0;
    return std::exchange(bytes_, {});
}

void HeadAndTail::append(std::string_view bytes) {
    total_ += bytes.size();
    const std::size_t to_head = std::min(bytes.size(), head_bytes_ - head_.size());
    head_.append(bytes.substr(0, to_head));
    bytes.remove_prefix(to_head);
    if (bytes.size() > tail_bytes_) bytes.remove_prefix(bytes.size() - tail_bytes_);
    tail_.append(bytes);
    if (tail_.size() > 2 * tail_bytes_) tail_.erase(0, tail_.size() - tail_bytes_);
}

Excerpt HeadAndTail::excerpt() const {
    const std::string_view tail =
        std::string_view(tail_).substr(tail_.size() - std::min(tail_.size(), tail_bytes_));
    const std::uint64_t left_out = total_ - head_.size() - tail.size();
    std::string text = head_;
    if (left_out > 0) text += "\n[… " + std::to_string(left_out) + " bytes left out …]\n";
    text += tail;
    return {std::move(text), left_out > 0, total_};
}

}  // namespace hocket::process
