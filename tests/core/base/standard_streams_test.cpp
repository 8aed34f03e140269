#include "core/base/standard_streams.h"

#include <cerrno>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <initializer_list>
#include <sys/wait.h>
#include <unistd.h>

namespace hocket {
namespace {

/// What `check` returns in a child that is started with these descriptors closed.
template <class Check>
int in_child_without(std::initializer_list<int> closed, Check check) {
    const pid_t child = ::fork();
    if (child == 0) {
        for (const int each : closed)
            ::close(each);
        occupy_standard_streams();
        ::_exit(check());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool fails_with_bad_descriptor(ssize_t result) {
    return result < 0 && errno == EBADF;
}

TEST(StandardStreams, AFileIsNeverOpenedInTheirPlace) {
    EXPECT_EQ(in_child_without({0, 1, 2}, [] { return ::open("/dev/null", O_RDONLY) > 2 ? 0 : 1; }), 0);
    EXPECT_EQ(in_child_without({1}, [] { return ::open("/dev/null", O_RDONLY) > 2 ? 0 : 1; }), 0);
}

TEST(StandardStreams, UseOfAClosedOneStillFails) {
    char byte = 'x';
    EXPECT_EQ(in_child_without({0}, [&] { return fails_with_bad_descriptor(::read(0, &byte, 1)) ? 0 : 1; }),
              0);
    for (const int output : {1, 2}) {
        EXPECT_EQ(in_child_without(
                      {output}, [&] { return fails_with_bad_descriptor(::write(output, &byte, 1)) ? 0 : 1; }),
                  0);
    }
}

TEST(StandardStreams, OpenOnesAreLeftAlone) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const int wrote = in_child_without({}, [&] {
        ::dup2(ends[1], STDOUT_FILENO);
        occupy_standard_streams();
        return ::write(STDOUT_FILENO, "x", 1) == 1 ? 0 : 1;
    });
    EXPECT_EQ(wrote, 0);
    ::close(ends[1]);
    char byte = 0;
    EXPECT_EQ(::read(ends[0], &byte, 1), 1);
    ::close(ends[0]);
}

}  // namespace
}  // namespace hocket
