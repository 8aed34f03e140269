#include "runner/workbench/interrupts.h"

#include <csignal>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <string>

#include "runner/workbench/commands.h"
#include "runner/workbench/workbench.h"
#include "tests/support/temporary_folder.h"

namespace hocket::workbench {
namespace {

namespace fs = std::filesystem;

/// An agent `tool` whose program notes its process id, and sends a signal to whoever runs it.
class InterruptsTest : public testing::Test {
protected:
    // What is left behind is looked for, so the folder for temporary files is the test's alone.
    InterruptsTest() {
        ::setenv("TMPDIR", folder_.path().c_str(), 1);
        for (const int signal : {SIGHUP, SIGINT, SIGTERM})  // whoever runs the tests may ignore one
            before_.emplace_back(signal, ::signal(signal, SIG_DFL));
    }
    ~InterruptsTest() override {
        for (const auto& [signal, action] : before_)
            ::signal(signal, action);
        ::unsetenv("TMPDIR");
    }

    void install(const std::string& run, const std::string& then) {
        folder_.write(
            "tool/tool.yaml",
            "metadata: {name: tool, description: d, author: a, license: l, version: \"1.0.0\", url: u,"
            " timeout: 30}\nrun: {" +
                run + "}\nactions: [{action: go, description: d, safety: read_only, output: {}}]\n");
        folder_.write("tool/tool",
                      "#!/bin/bash\necho $$ >'" + (folder_ / "pid").string() + "'\n" + then + "\n", 0755);
    }

    CallOptions options(const std::string& action = "go") const {
        CallOptions options;
        options.folder = (folder_ / "tool").string();
        options.action = action;
        return options;
    }

    pid_t agent_pid() const {
        pid_t pid = 0;
        std::ifstream(folder_ / "pid") >> pid;
        return pid;
    }

    void expect_nothing_is_left() const {
        ASSERT_GT(agent_pid(), 0) << "else this test tests nothing";
        EXPECT_EQ(::kill(agent_pid(), 0), -1) << "the agent goes on";
        for (const auto& entry : fs::directory_iterator(folder_.path()))
            EXPECT_FALSE(entry.path().filename().string().starts_with("hocket-agent-")) << entry.path();
    }

    test::TemporaryFolder folder_;
    std::vector<std::pair<int, sighandler_t>> before_;
};

constexpr const char* k_hold_on = "sleep 1000 & sleep 1000";

TEST_F(InterruptsTest, EndRunWithItsAgent) {
    for (const int signal : {SIGHUP, SIGINT, SIGTERM}) {
        install("contract: json", "kill -" + std::to_string(signal) + " $PPID; " + k_hold_on);
        EXPECT_EXIT(run_action(options(), {}), testing::KilledBySignal(signal), "");
        expect_nothing_is_left();
    }
}

TEST_F(InterruptsTest, EndARunWithItsWorker) {
    install("contract: worker", "kill -TERM $PPID; exec sleep 1000");
    EXPECT_EXIT(run_action(options(), {}), testing::KilledBySignal(SIGTERM), "");
    expect_nothing_is_left();
}

TEST_F(InterruptsTest, EndACheck) {
    install("contract: json", std::string("kill -TERM $PPID; ") + k_hold_on);
    EXPECT_EXIT(check_folder(options("")), testing::KilledBySignal(SIGTERM), "");
    expect_nothing_is_left();
}

TEST_F(InterruptsTest, EndTheSeriesOfBench) {
    const std::string tried = "'" + (folder_ / "tried").string() + "'";
    install("contract: json", "[ -e " + tried + " ] && { kill -INT $PPID; " + k_hold_on + "; }\ntouch " +
                                  tried + "; cat >/dev/null; echo '{\"statuscode\":0}' >&3");
    EXPECT_EXIT(time_action(options(), 100, -1), testing::KilledBySignal(SIGINT), "");
    expect_nothing_is_left();
}

TEST_F(InterruptsTest, EndAWatchWhileItRunsSomething) {
    install("contract: json", std::string("kill -TERM $PPID; ") + k_hold_on);
    EXPECT_EXIT(watch_folder(options()), testing::KilledBySignal(SIGTERM), "");
    expect_nothing_is_left();
}

TEST_F(InterruptsTest, AreNotLostWhileNobodyWaits) {
    const auto come_between = [] {
        boost::asio::io_context io;
        const Interrupts interrupts(io);
        ::raise(SIGTERM);
    };
    EXPECT_EXIT(come_between(), testing::KilledBySignal(SIGTERM), "");
}

TEST_F(InterruptsTest, WhatIsIgnoredStaysIgnored) {
    ::signal(SIGHUP, SIG_IGN);
    install("contract: json", "kill -HUP $PPID; cat >/dev/null; echo '{\"statuscode\":0}' >&3");
    EXPECT_EQ(run_action(options(), {}), 0);
}

}  // namespace
}  // namespace hocket::workbench
