#include "core/process/watch.h"

#include <gtest/gtest.h>
#include <optional>
#include <unistd.h>

#include <boost/asio/io_context.hpp>

#include "core/process/pipe.h"

namespace hocket::process {

namespace {

using std::chrono::milliseconds;

class WatchTest : public testing::Test {
protected:
    boost::asio::io_context io_;
    int calls_ = 0;
};

TEST_F(WatchTest, CallsWhenThereIsSomethingToRead) {
    Pipe pipe = std::move(*make_pipe());
    Watch watch = std::move(*Watch::make(io_.get_executor(), std::move(pipe.reader)));
    ASSERT_EQ(::write(pipe.writer.get(), "x", 1), 1);
    watch.when_readable([this] { ++calls_; });
    io_.run();
    EXPECT_EQ(calls_, 1);
}

TEST_F(WatchTest, IsSilentOnceDestroyed) {
    Pipe pipe = std::move(*make_pipe());
    std::optional<Watch> watch = std::move(*Watch::make(io_.get_executor(), std::move(pipe.reader)));
    watch->when_readable([this] { ++calls_; });
    watch.reset();
    io_.run();
    EXPECT_EQ(calls_, 0);
}

TEST_F(WatchTest, ReportsADescriptorThatCannotBeWatched) {
    const Result<Watch> watch = Watch::make(io_.get_executor(), FileDescriptor());
    ASSERT_FALSE(watch);
    EXPECT_EQ(watch.error().message, "cannot watch a child's descriptor: Bad file descriptor");
}

TEST_F(WatchTest, FiresATimerOnce) {
    Timer timer(io_.get_executor());
    timer.start(milliseconds(1), [this] { ++calls_; });
    io_.run();
    EXPECT_EQ(calls_, 1);
}

TEST_F(WatchTest, ForgetsAMomentThatWasReplacedWhenItWasAlreadyQueued) {
    Timer first(io_.get_executor());
    Timer second(io_.get_executor());
    // Both are due at once; whichever comes first takes the other's call out of the queue.
    first.start(milliseconds(0), [&] {
        ++calls_;
        second.stop();
    });
    second.start(milliseconds(0), [&] {
        ++calls_;
        first.start(milliseconds(1), [] {});
    });
    io_.run();
    EXPECT_EQ(calls_, 1);
}

TEST_F(WatchTest, IsSilentWhenATimerIsDestroyed) {
    std::optional<Timer> timer(io_.get_executor());
    timer->start(milliseconds(0), [this] { ++calls_; });
    timer.reset();
    io_.run();
    EXPECT_EQ(calls_, 0);
}

}  // namespace

}  // namespace hocket::process
