#include "runner/execution/worker_process.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "core/process/proc.h"
#include "runner/execution/agent_process.h"

namespace hocket::execution {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_between_measurements{100};

// A caller who waits as long as the action may take is told when nothing of the worker is left.
constexpr milliseconds k_same_moment{50};

std::chrono::seconds allowed_time(const agents::ValidCall& call) {
    return std::chrono::seconds(call.agent().ddl.timeout_s(call.action()));
}

Error timeout_of_the_caller(const agents::ValidCall& call) {
    return {ErrorCode::timeout,
            "the worker gave no reply within the " + std::to_string(call.timeout_ms()) +
                " ms that the caller waits; it goes on, for the action may take " +
                std::to_string(allowed_time(call).count()) + " s",
            {}};
}

AgentResult with_hint(AgentResult result, const std::string& hint) {
    result.statusmsg += hint;
    if (result.error) result.error->message += hint;
    return result;
}

AgentResult crashed(const std::string& message) {
    return refusal({ErrorCode::crashed, message, {}});
}

}  // namespace

WorkerProcess::WorkerProcess(Parts parts, std::shared_ptr<const agents::InstalledAgent> agent,
                             std::function<void()> retired)
    : parts_(parts),
      agent_(std::move(agent)),
      retired_(std::move(retired)),
      stamp_(agent_->executable, parts_.surroundings.search_path),
      errors_(parts_.surroundings.limits.max_stderr_bytes),
      measurement_(parts_.executor),
      deadline_(parts_.executor),
      timer_(parts_.executor) {}

// ---- jobs ------------------------------------------------------------------------------------------------------------

void WorkerProcess::start(std::string execution_id) {
    process::Spec spec =
        parts_.json.prepare_ahead(*agent_, {std::move(execution_id), 0, {}}, parts_.surroundings);
    spec.keeps_output = false;
    max_line_bytes_ = spec.max_output_bytes;
    if (parts_.observer != nullptr) parts_.observer->started(spec);
    handle_ = parts_.supervisor.start(
        std::move(spec),
        {.done = [self = shared_from_this()](const process::Ended& ended) { self->on_ended(ended); },
         .heard = [self = shared_from_this()](process::Channel channel,
                                              std::string_view bytes) { self->on_heard(channel, bytes); }});
}

int WorkerProcess::room() const {
    return phase_ == Phase::serving ? worker().in_flight - static_cast<int>(jobs_.size()) : 0;
}

void WorkerProcess::give(std::shared_ptr<Job> job) {
    timer_.stop();
    std::string line = parts_.json.line_of(job->call, job->context, parts_.surroundings.identity);
    if (parts_.observer != nullptr) parts_.observer->given(line);
    const auto until = std::chrono::steady_clock::now() + allowed_time(job->call);
    const std::string id = job->context.id;
    jobs_.emplace(id, Given{std::move(job), until});
    handle_.write(std::move(line));
    arm_deadline();
}

void WorkerProcess::on_heard(process::Channel channel, std::string_view bytes) {
    if (channel == process::Channel::errors) errors_.append(bytes);
    if (channel == process::Channel::output) has_printed_ = true;
    if (channel != process::Channel::reply) {
        if (parts_.observer != nullptr) parts_.observer->printed(channel, bytes);
        return;
    }
    while (!bytes.empty() && phase_ != Phase::ending) {
        const std::size_t end = bytes.find('\n');
        line_ += bytes.substr(0, end);
        if (line_.size() > max_line_bytes_) {
            const bool is_his = jobs_.size() == 1;
            return end_with("a line was longer than a reply may be", [is_his](const Job&) {
                return is_his ? too_large()
                              : crashed("the worker was ended: another reply of it was too large");
            });
        }
        if (end == std::string_view::npos) return;
        bytes.remove_prefix(end + 1);
        on_line(std::exchange(line_, {}));
    }
}

void WorkerProcess::on_line(const std::string& line) {
    Result<Json> object = parse_json_object(line);
    if (!object) return end_for_bad_line(line, object.error().message);
    const auto id = object->find("id");
    if (id == object->end() || !id->is_string()) return end_for_bad_line(line, "it has no 'id'");
    const auto found = jobs_.find(id->get_ref<const std::string&>());
    if (found == jobs_.end()) return end_for_bad_line(line, "its 'id' is of no request that it has");
    if (parts_.observer != nullptr) parts_.observer->replied(line);

    const std::shared_ptr<Job> job = std::move(found->second.job);
    jobs_.erase(found);
    ++served_;
    arm_deadline();
    settle();
    answer(job, parts_.json.interpret_line(job->call, std::move(*object), line));
}

/// What was written to stderr is one caller's only if he was alone, and no secret of one before only if there is none.
void WorkerProcess::answer(const std::shared_ptr<Job>& job, AgentResult result) {
    const std::string errors =
        std::exchange(errors_, process::HeadAndTail(parts_.surroundings.limits.max_stderr_bytes))
            .excerpt()
            .text;
    const bool is_his = worker().in_flight == 1 && !agent_->ddl.has_sensitive_fields();
    if (is_his) add_stderr(job->call, errors, result);
    job->finish(std::move(result));
    job->over();
}

// ---- its end ---------------------------------------------------------------------------------------------------------

bool WorkerProcess::is_too_large() {
    measured_at_ = std::chrono::steady_clock::now();
    return process::resident_bytes(handle_.pid()) > static_cast<std::size_t>(worker().memory_bytes);
}

/// To measure takes as long as a quick answer does.
bool WorkerProcess::is_worn_out() {
    if (served_ >= worker().requests) return true;
    if (std::chrono::steady_clock::now() - measured_at_ >= k_between_measurements) return is_too_large();
    measure_later();
    return false;
}

void WorkerProcess::measure_later() {
    if (std::exchange(is_to_be_measured_, true)) return;
    measurement_.start(measured_at_ + k_between_measurements, [this] {
        is_to_be_measured_ = false;
        if (phase_ == Phase::serving && is_too_large()) retire();
    });
}

void WorkerProcess::settle() {
    if (phase_ == Phase::serving && is_worn_out()) return retire();
    if (!jobs_.empty()) return;
    if (phase_ == Phase::retiring) return leave();
    timer_.start(std::chrono::seconds(worker().idle_s), [self = shared_from_this()] { self->retire(); });
}

void WorkerProcess::retire() {
    if (phase_ != Phase::serving) return;
    step_to(Phase::retiring);
    if (jobs_.empty()) leave();
}

void WorkerProcess::leave() {
    step_to(Phase::leaving);
    handle_.close_input();
    timer_.start(milliseconds(parts_.surroundings.limits.drain_ms), [this] { handle_.stop(); });
}

void WorkerProcess::step_to(Phase phase) {
    phase_ = phase;
    if (retired_) std::exchange(retired_, nullptr)();
}

void WorkerProcess::arm_deadline() {
    if (jobs_.empty()) return deadline_.stop();
    deadline_.start(next_deadline(), [this] { on_deadline(); });
}

WorkerProcess::Moment WorkerProcess::next_deadline() const {
    Moment next = Moment::max();
    for (const auto& [id, given] : jobs_)
        next = std::min(next,
                        given.job->done ? std::min(given.job->context.deadline, given.until) : given.until);
    return next;
}

void WorkerProcess::on_deadline() {
    const Moment now = std::chrono::steady_clock::now();
    const auto is_late = [now](const Given& given) { return given.until <= now + k_same_moment; };
    if (std::ranges::any_of(jobs_, [&](const auto& entry) { return is_late(entry.second); })) {
        return end_with("a request passed its deadline", [now, hint = hint_at_deadline()](const Job& job) {
            if (job.context.deadline <= now) return with_hint(timeout_of(job.call), hint);
            return crashed("the worker was ended: another request that it had passed its deadline");
        });
    }
    for (const auto& [id, given] : std::map(jobs_)) {
        if (given.job->context.deadline <= now)
            given.job->finish(refusal(timeout_of_the_caller(given.job->call)));
    }
    arm_deadline();
}

/// Why there was no reply, if that can be seen.
std::string WorkerProcess::hint_at_silence() const {
    if (!line_.empty()) {
        return "; it wrote " + std::to_string(line_.size()) + " bytes to descriptor 3 and no end of a line";
    }
    if (has_printed_ && served_ == 0) {
        return "; it printed to standard output, which is log: a worker replies on descriptor 3";
    }
    return {};
}

/// The same of one that still runs.
std::string WorkerProcess::hint_at_deadline() const {
    std::string hint = hint_at_silence();
    if (!hint.empty()) return hint;
    if (!is_reading()) return "; it has closed its standard input";
    if (served_ > 0) return {};
    return "; it has answered nothing yet: either this action takes too long, or the program waits for the "
           "end of its input, and a worker answers each line as it comes";
}

void WorkerProcess::end_for_bad_line(const std::string& line, const std::string& reason) {
    // It may repeat what another caller gave it.
    const bool is_his = served_ == 0 && jobs_.size() == 1;
    const std::string where = reason + ", in a line of a worker, which was ended for that";
    end_with("it broke its contract: " + reason, [is_his, line, where](const Job& job) {
        return is_his ? bad_reply(job.call.action(), line, where) : bad_reply_of_another(line, where);
    });
}

/// Its jobs are answered when nothing of it is left.
void WorkerProcess::end_with(const std::string& reason, std::function<AgentResult(const Job&)> answer_for) {
    parts_.log.warn("a worker is ended", {{"agent", agent_->ddl.metadata.name},
                                          {"reason", reason},
                                          {"requests", static_cast<std::int64_t>(jobs_.size())}});
    answer_at_end_ = std::move(answer_for);
    deadline_.stop();  // they are answered alike, however long it takes to end
    step_to(Phase::ending);
    handle_.stop();
}

void WorkerProcess::on_ended(const process::Ended& ended) {
    if (parts_.observer != nullptr) parts_.observer->ended(ended);
    deadline_.stop();
    timer_.stop();
    if (phase_ == Phase::serving && jobs_.empty()) {
        parts_.log.warn("a worker ended by itself",
                        {{"agent", agent_->ddl.metadata.name}, {"reason", text_of(ended.end)}});
    }
    step_to(Phase::ending);
    for (const auto& [id, given] : std::exchange(jobs_, {}))
        answer(given.job, answer_at_end(*given.job, ended));
}

AgentResult WorkerProcess::answer_at_end(const Job& job, const process::Ended& ended) const {
    if (answer_at_end_) return answer_at_end_(job);
    if (std::holds_alternative<process::LaunchFailed>(ended.end)) return crashed(text_of(ended.end));
    return crashed("the worker ended before it replied: " + text_of(ended) + hint_at_silence());
}

}  // namespace hocket::execution
