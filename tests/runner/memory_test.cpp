#include "runner/memory.h"

#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>

namespace hocket {
namespace {

/// Pages of this process that are of a file, among them its code.
long file_pages() {
    std::ifstream file("/proc/self/statm");
    long size = 0;
    long resident = 0;
    long shared = 0;
    file >> size >> resident >> shared;
    return shared;
}

TEST(Memory, CodeIsGivenBackAndComesAgainWhenItIsNeeded) {
    const long before = file_pages();
    give_back_memory();
    const long after = file_pages();
    EXPECT_LT(after, before);
    EXPECT_EQ(std::to_string(12.5), "12.500000");
}

}  // namespace
}  // namespace hocket
