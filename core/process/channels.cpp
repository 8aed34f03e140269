#include "core/process/channels.h"

#include <utility>

namespace hocket::process {

Channels::Channels(const Spec& spec, Events events)
    : events_(std::move(events)),
      keeps_output_(spec.keeps_output),
      output_bytes_(spec.max_output_bytes),
      reply_bytes_(spec.max_output_bytes),
      error_bytes_(spec.max_stderr_bytes) {
    if (!spec.reply_file.empty()) log_bytes_.emplace(spec.max_stderr_bytes);
}

Result<void> Channels::watch(const boost::asio::any_io_executor& executor, ChildPipes& pipes) {
    Result<Watch> output = Watch::make(executor, std::move(pipes.output.reader));
    Result<Watch> errors = Watch::make(executor, std::move(pipes.errors.reader));
    for (const Result<Watch>* watch : {&output, &errors}) {
        if (!*watch) return watch->error();
    }
    const auto ended = [this] { events_.ended(); };
    output_.emplace(std::move(*output), [this](std::string_view bytes) { on_output(bytes); }, ended);
    errors_.emplace(std::move(*errors), [this](std::string_view bytes) { on_errors(bytes); }, [] {});
    if (!pipes.reply.reader) return {};
    Result<Watch> reply = Watch::make(executor, std::move(pipes.reply.reader));
    if (!reply) return reply.error();
    reply_.emplace(std::move(*reply), [this](std::string_view bytes) { on_reply(bytes); }, ended);
    return {};
}

void Channels::drain() {
    for (std::optional<Output>* output : {&reply_, &output_, &errors_}) {
        if (*output) (*output)->drain();
    }
}

bool Channels::was_replied() const {
    return is_reply_at_end() && reply_bytes_.any();
}

bool Channels::is_reply_complete() const {
    return log_bytes_ || (is_reply_at_end() && (reply_bytes_.any() || output_->at_end()));
}

bool Channels::is_reply_at_end() const {
    return !reply_ || reply_->at_end();
}

std::array<int, 3> Channels::descriptors() {
    return {output_->descriptor(), errors_->descriptor(), reply_ ? reply_->descriptor() : -1};
}

void Channels::move_into(Ended& ended) {
    ended.output = log_bytes_ ? log_bytes_->excerpt().text : output_bytes_.take();
    ended.reply = reply_bytes_.take();
    ended.reply_used = reply_bytes_.any();
    ended.errors = error_bytes_.excerpt();
}

void Channels::tell(Channel channel, std::string_view bytes) {
    if (events_.heard) events_.heard(channel, bytes);
}

void Channels::on_errors(std::string_view bytes) {
    error_bytes_.append(bytes);
    tell(Channel::errors, bytes);
}

void Channels::on_output(std::string_view bytes) {
    tell(Channel::output, bytes);
    if (log_bytes_) return log_bytes_->append(bytes);
    if (!keeps_output_) return;
    output_bytes_.append(bytes);
    if (!reply_bytes_.any() && output_bytes_.over()) events_.too_large();
}

void Channels::on_reply(std::string_view bytes) {
    if (events_.heard) errors_->drain();  // written before
    tell(Channel::reply, bytes);
    if (!keeps_output_) return;
    reply_bytes_.append(bytes);
    if (reply_bytes_.over()) events_.too_large();
}

}  // namespace hocket::process
