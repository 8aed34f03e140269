#include <exception>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "core/ddl/validator_reader.h"
#include "ddl-compiler/compiler.h"
#include "ddl-compiler/new_agent.h"
#include "ddl-compiler/sources.h"
#include "hocket_version.h"

namespace {

using namespace hocket::ddl_compiler;

constexpr const char* k_sources = "Descriptions: .ddl (MCollective's), .json or .yaml";

/// What stands on the command line.
struct Words {
    std::vector<std::filesystem::path> files;
    std::vector<std::filesystem::path> folders;  ///< to be searched for descriptions
    std::filesystem::path validators = hocket::ddl::k_validators_folder;
    bool strict = false;
    DiagnosticsFormat format = DiagnosticsFormat::text;
    Job job;
    std::string name;  ///< of a new agent
    std::filesystem::path where = ".";
};

template <class Enum, std::size_t N>
CLI::CheckedTransformer one_of(const std::array<std::string_view, N>& words) {
    std::map<std::string, Enum> values;
    for (std::size_t i = 0; i < N; ++i)
        values.emplace(words[i], static_cast<Enum>(i));
    return CLI::CheckedTransformer(values);
}

void add_common_options(CLI::App& command, Words& words) {
    command.add_option("FILE", words.files, k_sources);
    command.add_option("--recursive", words.folders, "Every description below this folder")->type_name("DIR");
    command
        .add_option("--validators", words.validators, "Folder with the declarations of your own validators")
        ->type_name("DIR")
        ->capture_default_str();
    command.add_flag("--strict", words.strict, "Take warnings for errors");
    command
        .add_option("--format", words.format,
                    "How problems are written: text, json (editors), sarif (code hosts)")
        ->transform(one_of<DiagnosticsFormat>(k_diagnostics_format_words));
}

CLI::App* add_check(CLI::App& app, Words& words) {
    CLI::App* const command =
        app.add_subcommand("check", "Report everything that is wrong with descriptions");
    add_common_options(*command, words);
    return command;
}

CLI::Option* add_language(CLI::App& command, Words& words, const std::string& help) {
    const std::vector<std::string> languages(k_language_words.begin(), k_language_words.end());
    return command
        .add_option_function<std::string>(
            "--lang", [&words](const std::string& word) { words.job.language = *language_named(word); }, help)
        ->check(CLI::IsMember(languages));
}

CLI::App* add_compile(CLI::App& app, Words& words) {
    CLI::App* const command = app.add_subcommand("compile", "Write what can be made of descriptions");
    add_common_options(*command, words);
    command
        ->add_option(
            "--emit", words.job.targets,
            "What to write, with commas between: json (canonical), yaml, schema (JSON Schema), markdown, "
            "man, ruby (MCollective's), skeleton (an agent), cpp (a client's header)")
        ->required()
        ->delimiter(',')
        ->transform(one_of<Target>(k_target_words));
    add_language(*command, words, "Language of a skeleton; bash if it is not given");
    command
        ->add_option("-o,--output", words.job.folder,
                     "Folder to write to; without it one file goes to stdout")
        ->type_name("DIR");
    return command;
}

CLI::App* add_new(CLI::App& app, Words& words) {
    CLI::App* const command =
        app.add_subcommand("new", "Make the folder of an agent: description, program, README");
    command->add_option("NAME", words.name, "The agent")->required();
    add_language(*command, words, "Language of the program")->required();
    command->add_option("-o,--output", words.where, "Folder to make it in")
        ->type_name("DIR")
        ->capture_default_str();
    return command;
}

ExitCode fail(ExitCode code, const std::string& message) {
    std::cerr << message << "\n";
    return code;
}

/// Adds what is in the folders to the files.
hocket::Result<void> find_files(Words& words) {
    for (const std::filesystem::path& folder : words.folders) {
        const auto found = find_sources(folder);
        if (!found) return found.error();
        words.files.insert(words.files.end(), found->begin(), found->end());
    }
    if (!words.files.empty()) return {};
    return hocket::Error{hocket::ErrorCode::usage,
                         words.folders.empty()
                             ? "hocketc: no FILE and no --recursive DIR is given; try --help"
                             : "hocketc: no description below the folder",
                         {}};
}

ExitCode run_command(bool is_check, Words& words) {
    if (hocket::Result<void> found = find_files(words); !found)
        return fail(ExitCode::usage, found.error().message);
    auto validators = hocket::ddl::read_validators_folder(words.validators);
    if (!validators) return fail(ExitCode::errors, validators.error().message);
    const Settings settings{std::make_shared<hocket::ddl::Validators>(std::move(*validators)), words.strict};
    const Streams streams{std::cout, std::cerr};
    if (is_check) return check(words.files, settings, words.format, streams);
    if (!words.job.folder && words.files.size() * words.job.targets.size() != 1)
        return fail(ExitCode::usage, "hocketc: several files are made; say where with -o DIR");
    words.job.files = words.files;
    return compile(words.job, settings, words.format, streams);
}

/// What to do first with the folder of a new agent.
std::string next_step(const std::filesystem::path& folder, Language language) {
    std::string check = "hocket-agent check " + folder.string();
    if (language != Language::go) return check;
    return "(cd " + folder.string() + " && go build -o " + folder.filename().string() + " main.go) && " +
           check;
}

ExitCode make_agent(const Words& words) {
    const auto made = make_agent_folder(words.name, words.job.language, words.where);
    if (!made) {
        const bool is_usage = made.error().code == hocket::ErrorCode::usage;
        return fail(is_usage ? ExitCode::usage : ExitCode::errors, "hocketc: " + made.error().message);
    }
    for (const std::filesystem::path& file : *made)
        std::cout << file.string() << "\n";
    std::cout << "Next: " << next_step(words.where / words.name, words.job.language) << "\n";
    return ExitCode::clean;
}

ExitCode run(int argc, char** argv) {
    CLI::App app("Checks and compiles descriptions of agents (DDL).", "hocketc");
    app.set_version_flag("--version", std::string("hocketc ") + hocket::k_version);
    app.require_subcommand(1);
    app.footer("Exit codes: 0 clean, warnings or not; 1 errors; 2 usage.");
    Words words;
    CLI::App* const check_command = add_check(app, words);
    add_compile(app, words);
    const CLI::App* const new_command = add_new(app, words);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? ExitCode::clean : ExitCode::usage;
    }
    if (new_command->parsed()) return make_agent(words);
    return run_command(check_command->parsed(), words);
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
