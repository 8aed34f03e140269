#include "runner/memory.h"

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <sys/mman.h>
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

/// An address that is below the caller's frame when this has returned.
[[gnu::noinline]] std::uintptr_t touch_stack() {
    constexpr std::size_t size = 256 * 1024;
    volatile std::byte frame[size];
    for (std::size_t i = 0; i < size; i += 1024)
        frame[i] = std::byte{1};
    return reinterpret_cast<std::uintptr_t>(&frame[size / 4]);
}

bool is_resident(std::uintptr_t address) {
    const auto page_bytes = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    unsigned char resident = 0;
    const int result =
        ::mincore(reinterpret_cast<void*>(address / page_bytes * page_bytes), page_bytes, &resident);
    return result == 0 && (resident & 1) != 0;
}

TEST(Memory, TheStackOfWhatIsOverIsGivenBack) {
    const std::uintptr_t address = touch_stack();
    EXPECT_TRUE(is_resident(address));
    give_back_memory();
    EXPECT_FALSE(is_resident(address));
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
