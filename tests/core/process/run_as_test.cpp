#include "core/process/run_as.h"

#include <gtest/gtest.h>

#include "core/base/text.h"

namespace hocket::process {

namespace {

// What hocket-exec does with its command line is tested beside it.
const RunAs k_nobody{"/usr/libexec/hocket/hocket-exec", 65534, 65533, {5, 7}};

LaunchRequest request() {
    LaunchRequest wanted;
    wanted.executable = "/srv/agent";
    wanted.argv = {"agent", "--flag", "two words"};
    return wanted;
}

TEST(RunAs, ComposesTheCommandLineOfTheHelper) {
    const LaunchRequest helper = through_helper(request(), k_nobody);
    EXPECT_EQ(helper.executable, k_nobody.helper);
    EXPECT_EQ(join(helper.argv, "|"),
              "/usr/libexec/hocket/hocket-exec|--uid|65534|--gid|65533|--groups|5,7|--error-fd|4|--core|0|"
              "--no-new-privs|--|/srv/agent|--flag|two words");
}

TEST(RunAs, LeavesLimitsAndPrivilegesToTheHelper) {
    LaunchRequest wanted = request();
    wanted.traits.limits.open_files = 10;
    wanted.traits.limits.processes = 20;
    wanted.traits.limits.address_space_bytes = 30;
    wanted.traits.limits.core_bytes = std::nullopt;
    wanted.traits.limits.file_bytes = 50;
    wanted.traits.no_new_privileges = false;
    const LaunchRequest helper = through_helper(wanted, k_nobody);
    EXPECT_EQ(join(std::span(helper.argv).subspan(9), "|"),
              "--nofile|10|--nproc|20|--as|30|--fsize|50|--|/srv/agent|"
              "--flag|two words");
    EXPECT_FALSE(helper.traits.limits.open_files || helper.traits.limits.core_bytes);
}

TEST(RunAs, ReadsTheHelpersReport) {
    EXPECT_FALSE(helper_error("", "/srv/agent", k_nobody));
    EXPECT_EQ(helper_error("gid 1\n", "/srv/agent", k_nobody)->message,
              "cannot execute '/srv/agent' as user 65534: /usr/libexec/hocket/hocket-exec failed at 'gid': "
              "Operation not "
              "permitted");
    EXPECT_EQ(
        helper_error("execute 2\n", "/srv/agent", k_nobody)->message,
        "as user 65534: cannot execute '/srv/agent': there is no such file; check `run.command` and what is "
        "installed");
}

}  // namespace

}  // namespace hocket::process
