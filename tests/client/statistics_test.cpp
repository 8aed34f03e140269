#include "client/cli/statistics.h"

#include <gtest/gtest.h>

namespace hocket::cli {
namespace {

using std::chrono::microseconds;

std::vector<microseconds> times(std::initializer_list<int> values) {
    std::vector<microseconds> made;
    for (const int value : values)
        made.emplace_back(value);
    return made;
}

TEST(Statistics, OfNothingAreZero) {
    EXPECT_EQ(statistics_of({}).count, 0U);
}

TEST(Statistics, PercentilesAreMeasuredTimes) {
    std::vector<microseconds> hundred;
    for (int i = 100; i > 0; --i)
        hundred.emplace_back(i);
    const Statistics all = statistics_of(hundred);
    EXPECT_EQ(all.min.count(), 1);
    EXPECT_EQ(all.max.count(), 100);
    EXPECT_EQ(all.average.count(), 50);
    EXPECT_EQ(all.p50.count(), 50);
    EXPECT_EQ(all.p95.count(), 95);
}

TEST(Statistics, OneTimeIsEverything) {
    const Statistics one = statistics_of(times({7}));
    EXPECT_EQ(one.p50.count(), 7);
    EXPECT_EQ(one.p95.count(), 7);
}

TEST(Sparkline, ShowsHowTimesSpread) {
    EXPECT_EQ(sparkline(times({0, 1, 2, 100}), true), "█▁▁▃");
    EXPECT_EQ(sparkline(times({0, 1, 2, 100}), false), "#__:");
    EXPECT_EQ(sparkline(times({5}), true), "");
    EXPECT_EQ(sparkline(times({5, 5}), true), "█");
}

}  // namespace
}  // namespace hocket::cli
