#include <exception>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "ddl-compiler/compiler.h"
#include "hocket_version.h"

namespace {

using namespace hocket::ddl_compiler;

ExitCode run(int argc, char** argv) {
    CLI::App app("Checks and compiles agent descriptions (DDL).", "hocketc");
    app.set_version_flag("--version", std::string("hocketc ") + hocket::k_version);
    app.require_subcommand(1);
    app.footer("Exit codes: 0 clean, warnings or not; 1 errors; 2 usage.");

    std::vector<std::filesystem::path> files;
    CLI::App* const check_command =
        app.add_subcommand("check", "Report everything that is wrong with descriptions");
    check_command->add_option("FILE", files, "Descriptions, .json or .yaml")->required();

    std::filesystem::path file;
    Target target = Target::json;
    CLI::App* const compile_command =
        app.add_subcommand("compile", "Write something made from a description");
    compile_command->add_option("FILE", file, "A description, .json or .yaml")->required();
    const std::map<std::string, Target> targets = {{"json", Target::json}};
    compile_command->add_option("--emit", target, "What to write: json, the canonical form")
        ->required()
        ->transform(CLI::CheckedTransformer(targets));

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? ExitCode::clean : ExitCode::usage;
    }
    const Streams streams{std::cout, std::cerr};
    return *check_command ? check(files, streams) : compile(file, target, streams);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return static_cast<int>(run(argc, argv));
    } catch (const std::exception& error) {
        std::cerr << "hocketc: " << error.what() << "\n";
        return static_cast<int>(ExitCode::errors);
    }
}
