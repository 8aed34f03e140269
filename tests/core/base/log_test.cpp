#include "core/base/log.h"

#include <gtest/gtest.h>

namespace hocket {
namespace {

TEST(Log, WritesKeyValuePairs) {
    std::string text;
    Log log(LogLevel::info, text);
    log.info("refused", {{"caller", "psk=ops"}, {"count", 3}, {"agent", "disk"}});
    EXPECT_EQ(text, "msg=refused caller=\"psk=ops\" count=3 agent=disk\n");
}

TEST(Log, KeepsEverythingOnOneLine) {
    std::string text;
    Log log(LogLevel::info, text);
    log.warn("two words", {{"reason", "a \"b\"\nlevel=error"}, {"empty", ""}});
    EXPECT_EQ(text, "msg=\"two words\" reason=\"a \\\"b\\\"\\nlevel=error\" empty=\"\"\n");
}

TEST(Log, ABackslashEndsNoValue) {
    std::string text;
    Log log(LogLevel::info, text);
    log.info("m", {{"reason", "x\\\" level=error"}, {"written", "a\\nb"}});
    EXPECT_EQ(text, "msg=m reason=\"x\\\\\\\" level=error\" written=\"a\\\\nb\"\n");
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
    std::string text;
    Log log(LogLevel::warn, text);
    log.info("quiet");
    log.set_level(LogLevel::debug);
    log.debug("loud");
    EXPECT_EQ(text, "msg=loud\n");
}

}  // namespace
}  // namespace hocket
