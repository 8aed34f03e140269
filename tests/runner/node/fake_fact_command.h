#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "runner/node/facts_folder.h"

namespace hocket::node {

/// Keeps what it is asked to run until the test answers.
class FakeFactCommand final : public FactCommand {
public:
    struct Call {
        std::filesystem::path executable;
        std::chrono::steady_clock::time_point deadline;
        Done done;
    };

    void run(const std::filesystem::path& executable, std::chrono::steady_clock::time_point deadline,
             Done done) override {
        calls.push_back({executable, deadline, std::move(done)});
    }

    void answer(std::size_t index, Result<std::string> output) {
        const Done done = calls.at(index).done;
        done(std::move(output));
    }

    std::vector<Call> calls;
};

class FakeClock final : public Clock {
public:
    std::int64_t wall_ms() const override { return now_ms; }
    std::chrono::steady_clock::time_point steady() const override {
        return std::chrono::steady_clock::time_point(std::chrono::milliseconds(now_ms));
    }

    std::int64_t now_ms = 1'000'000;
};

}  // namespace hocket::node
