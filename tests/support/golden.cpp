#include "tests/support/golden.h"

#include <cstdlib>
#include <gtest/gtest.h>

#include "core/base/file.h"

namespace hocket::test {

std::string golden_path(const std::string& name) {
    return std::string(HOCKET_GOLDEN_DIR) + "/" + name;
}

void expect_golden(const std::string& name, const std::string& text) {
    const char* const update = std::getenv("HOCKET_UPDATE_GOLDEN");
    if (update != nullptr && std::string_view(update) == "1") {
        const Result<void> written = write_file_atomically(golden_path(name), text, 0644);
        EXPECT_TRUE(written) << written.error().message;
        return;
    }
    const Result<std::string> expected = read_file(golden_path(name), 1U << 20U);
    ASSERT_TRUE(expected) << expected.error().message;
    EXPECT_EQ(text, *expected) << "HOCKET_UPDATE_GOLDEN=1 rewrites " << golden_path(name);
}

}  // namespace hocket::test
