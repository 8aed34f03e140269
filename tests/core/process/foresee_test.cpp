#include "core/process/foresee.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/process/disks.h"
#include "tests/support/temporary_folder.h"

namespace hocket::process {
namespace {

namespace fs = std::filesystem;

class ForeseeTest : public testing::Test {
protected:
    ForeseeTest() { fs::permissions(folder_.path(), fs::perms(0755)); }

    std::string program(const std::string& content, unsigned mode = 0755) {
        folder_.write("program", content, mode);
        return (folder_ / "program").string();
    }
    static std::string foreseen(const std::string& path, const Start& start) {
        const std::optional<Error> error = foresee_error(path, start);
        return error ? error->message : "";
    }
    static std::string foreseen(const std::string& path) {
        return foreseen(path, {.account = Account::ours()});
    }
    /// Somebody else than who runs this test.
    static Start as_nobody() { return {.account = {"nobody", ::geteuid() + 1, ::getegid() + 1, {}}}; }
    static void expect_part(const std::string& text, const std::string& part) {
        EXPECT_NE(text.find(part), std::string::npos) << text;
    }

    test::TemporaryFolder folder_;
};

TEST_F(ForeseeTest, OfWhatStartsNothingIsSaid) {
    EXPECT_EQ(foreseen(program("#!/bin/sh\n")), "");
    EXPECT_EQ(foreseen(program("#!/bin/sh\n"), as_nobody()), "");
    EXPECT_EQ(foreseen("/bin/sh"), "");
}

TEST_F(ForeseeTest, AMissingInterpreter) {
    expect_part(foreseen(program("#!/opt/none/python -u\n")),
                "its interpreter '#!/opt/none/python -u' does not; install it");
    expect_part(foreseen(program("#!python3\n")),
                "the first line needs a whole path, such as "
                "#!/usr/bin/env python3");
}

TEST_F(ForeseeTest, WindowsLineEndsWithAndWithoutAnArgument) {
    expect_part(foreseen(program("#!/bin/sh\r\n")), "its interpreter would be '#!/bin/sh\\r'");
    expect_part(foreseen(program("#!/bin/sh -e\r\n")), "its interpreter would be '#!/bin/sh -e\\r'");
}

TEST_F(ForeseeTest, WhatIsNoProgram) {
    expect_part(foreseen(program("echo hello\n")), "neither a program for this machine nor a script");
    expect_part(foreseen(program("")), "neither a program for this machine nor a script");
    expect_part(foreseen(folder_.path().string()), "it is a folder, not a program");
    expect_part(foreseen(program("#!/bin/sh\n", 0644)), "it is not executable; try: chmod +x");
}

TEST_F(ForeseeTest, AFolderThatTheUserMayNotSearch) {
    folder_.write("closed/program", "#!/bin/sh\n", 0755);
    const std::string closed = (folder_ / "closed").string();
    fs::permissions(closed, fs::perms(0700));
    const std::string text = foreseen(closed + "/program", as_nobody());
    expect_part(text, "user 'nobody' may not execute " + closed + "/program: " + closed + " has mode 0700");
    fs::permissions(closed, fs::perms(0750));
    Start member = as_nobody();
    member.account.groups = {::getegid()};
    EXPECT_EQ(foreseen(closed + "/program", member), "");
}

TEST_F(ForeseeTest, AScriptThatItsInterpreterMayNotRead) {
    expect_part(foreseen(program("#!/bin/sh\n", 0711), as_nobody()),
                "user 'nobody' may not read it, as its interpreter must: ");
}

TEST_F(ForeseeTest, AProgramThatEnvDoesNotFind) {
    Start start{.account = Account::ours(), .search_path = "/usr/bin:/bin"};
    expect_part(foreseen(program("#!/usr/bin/env -S nosuchprogram -u\n"), start),
                "asks for 'nosuchprogram', which is nowhere in the search path /usr/bin:/bin");
    EXPECT_EQ(foreseen(program("#!/usr/bin/env sh\n"), start), "");
    EXPECT_EQ(foreseen(program("#!/usr/bin/env -S -u NAME X=1 sh -e\n"), start), "");
    EXPECT_EQ(foreseen(program("#!/bin/sh\n"), {.account = Account::ours(), .search_path = "/nowhere"}), "");
}

TEST_F(ForeseeTest, ALineForEnvThatTheKernelDoesNotSplit) {
    const Start start{.account = Account::ours(), .search_path = "/usr/bin:/bin"};
    expect_part(foreseen(program("#!/usr/bin/env sh -e\n"), start), "asks for 'sh -e', which is nowhere");
}

TEST_F(ForeseeTest, AnInterpreterIsCalledWithAFileThatNeedsNoBit) {
    const Start start{.account = Account::ours(), .needs_execute_bit = false};
    EXPECT_EQ(foreseen(program("#!/bin/sh\n", 0644), start), "");
    expect_part(foreseen(program("#!/opt/none\n", 0644), start), "its interpreter '#!/opt/none' does not");
}

TEST(Disks, AreThoseWithADevice) {
    test::TemporaryFolder block;
    block.write("loop0/queue/scheduler", "[none] bfq\n");
    block.write("vda/queue/scheduler", "none [mq-deadline] kyber bfq \n");
    block.write("vda/device/vendor", "");
    const std::vector<Disk> disks = read_disks(block.path());
    ASSERT_EQ(disks.size(), 1U);
    EXPECT_EQ(disks[0].name, "vda");
    EXPECT_EQ(disks[0].scheduler, "mq-deadline");
    EXPECT_FALSE(disks[0].knows_io_levels());
}

}  // namespace
}  // namespace hocket::process
