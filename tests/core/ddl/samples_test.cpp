#include <filesystem>
#include <gtest/gtest.h>

#include "core/ddl/reader.h"
#include "core/ddl/writer.h"

namespace hocket::ddl {
namespace {

/// The agents' own DDLs: in each folder the file named like it.
std::vector<std::filesystem::path> sample_ddls() {
    std::vector<std::filesystem::path> files;
    for (const char* const folder : {"agents-examples", "tests/zoo/agents"}) {
        const std::filesystem::path root = std::filesystem::path(HOCKET_SOURCE_DIR) / folder;
        if (!std::filesystem::exists(root)) continue;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
            const bool is_named_like_folder = entry.path().stem() == entry.path().parent_path().filename();
            if (is_named_like_folder && format_of(entry.path())) files.push_back(entry.path());
        }
    }
    return files;
}

bool is_data_plugin(const std::filesystem::path& file) {
    return file.parent_path().parent_path().filename() == "data";
}

TEST(SampleDdls, OfDataPluginsAreReadAndKeepTheirMeaning) {
    std::size_t plugins = 0;
    for (const std::filesystem::path& file : sample_ddls()) {
        if (!is_data_plugin(file)) continue;
        ++plugins;
        const Result<LoadedData> loaded = read_data_file(file);
        ASSERT_TRUE(loaded) << loaded.error().message;
        EXPECT_EQ(loaded->data.metadata.name, file.stem().string());
        const Result<LoadedData> again =
            read_data_text(canonical_json(Description(loaded->data)), Format::json, "canonical");
        ASSERT_TRUE(again) << again.error().message;
        EXPECT_TRUE(again->data == loaded->data) << file;
    }
    EXPECT_GE(plugins, 3U);
}

TEST(SampleDdls, AreReadAndKeepTheirMeaning) {
    for (const std::filesystem::path& file : sample_ddls()) {
        if (is_data_plugin(file)) continue;
        const Result<Loaded> loaded = read_file(file);
        ASSERT_TRUE(loaded) << loaded.error().message;
        EXPECT_EQ(loaded->agent.metadata.name, file.stem().string());
        const Result<Loaded> again = read_text(canonical_json(loaded->agent), Format::json, "canonical");
        ASSERT_TRUE(again) << again.error().message;
        EXPECT_TRUE(again->agent == loaded->agent) << file;
    }
}

}  // namespace
}  // namespace hocket::ddl
