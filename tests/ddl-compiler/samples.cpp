#include "tests/ddl-compiler/samples.h"

#include <gtest/gtest.h>

#include "core/ddl/reader.h"
#include "tests/support/golden.h"

namespace hocket::ddl_compiler {

namespace {

constexpr const char* k_folder = "back_ends/";

ddl::Metadata metadata(const std::string& name, const std::string& description) {
    ddl::Metadata metadata;
    metadata.name = name;
    metadata.description = description;
    metadata.author = "Ana Example";
    metadata.license = "Apache-2.0";
    metadata.version = "1.0";
    metadata.url = "https://example.com";
    metadata.timeout_s = 2;
    return metadata;
}

}  // namespace

ddl::Agent sample_agent() {
    const Result<ddl::Loaded> loaded =
        ddl::read_file(test::golden_path(k_folder + std::string("sample.yaml")));
    EXPECT_TRUE(loaded) << loaded.error().message;
    return loaded ? loaded->agent : ddl::Agent();
}

ddl::DataPlugin sample_data() {
    ddl::DataPlugin plugin;
    plugin.metadata = metadata("fstat", "What is known of a file");
    ddl::Input query;
    query.name = "query";
    query.prompt = "File";
    query.description = "Its path: absolute";
    query.validation = ddl::Validation::compile("^/").value();
    query.maxlength = 255;
    plugin.query = query;
    ddl::Output size;
    size.name = "size";
    size.description = "Bytes";
    size.display_as = "Size";
    size.type = ddl::Type::integer;
    size.default_value = 0;
    plugin.outputs = {size};
    return plugin;
}

ddl::OtherPlugin sample_discovery() {
    ddl::OtherPlugin plugin;
    plugin.kind = ddl::Kind::discovery;
    plugin.metadata = metadata("flatfile", "Names from a file");
    plugin.metadata.usage = "One name a line.\n";
    plugin.capabilities = {ddl::Capability::identity, ddl::Capability::facts};
    return plugin;
}

void expect_written(const std::string& name, const std::string& text) {
    test::expect_golden(k_folder + name, text);
}

}  // namespace hocket::ddl_compiler
