#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "core/base/standard_streams.h"
#include "core/base/text.h"
#include "core/ddl/validator_reader.h"
#include "ddl-compiler/allocator.h"
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

template <std::size_t N>
CLI::IsMember one_of(const std::array<std::string_view, N>& words) {
    return CLI::IsMember(std::vector<std::string>(words.begin(), words.end()));
}

/// The enumerator that the word names; the words are in the enumeration's order.
template <class Enum, std::size_t N>
Enum named(const std::string& word, const std::array<std::string_view, N>& words) {
    return static_cast<Enum>(std::ranges::find(words, word) - words.begin());
}

void add_common_options(CLI::App& command, Words& words) {
    command.add_option("FILE", words.files, k_sources);
    command.add_option("--recursive", words.folders, "Every description below this folder")
        ->type_name("DIR")
        ->allow_extra_args(false);
    command
        .add_option("--validators", words.validators, "Folder with the declarations of your own validators")
        ->type_name("DIR")
        ->capture_default_str();
    command.add_flag("--strict", words.strict, "Take warnings for errors");
    command
        .add_option_function<std::string>(
            "--format",
            [&words](const std::string& word) {
                words.format = named<DiagnosticsFormat>(word, k_diagnostics_format_words);
            },
            "How problems are written: text, json (editors), sarif (code hosts)")
        ->type_name("FORMAT")
        ->check(one_of(k_diagnostics_format_words));
}

CLI::App* add_check(CLI::App& app, Words& words) {
    CLI::App* const command =
        app.add_subcommand("check", "Report everything that is wrong with descriptions");
    add_common_options(*command, words);
    return command;
}

CLI::Option* add_language(CLI::App& command, Words& words, const std::string& help) {
    return command
        .add_option_function<std::string>(
            "--lang",
            [&words](const std::string& word) {
                words.job.language = named<Language>(word, k_language_words);
            },
            help)
        ->type_name("LANGUAGE")
        ->check(one_of(k_language_words));
}

void add_target(Words& words, const std::string& word) {
    const auto target = named<Target>(word, k_target_words);
    if (std::ranges::find(words.job.targets, target) == words.job.targets.end())
        words.job.targets.push_back(target);
}

CLI::App* add_compile(CLI::App& app, Words& words) {
    CLI::App* const command = app.add_subcommand("compile", "Write what can be made of descriptions");
    add_common_options(*command, words);
    command
        ->add_option_function<std::vector<std::string>>(
            "--emit",
            [&words](const std::vector<std::string>& kinds) {
                for (const std::string& kind : kinds)
                    add_target(words, kind);
            },
            "What to write, with commas between: json (canonical), yaml, schema (JSON Schema), markdown, "
            "man, ruby (MCollective's), skeleton (an agent), cpp (a client's header)")
        ->required()
        ->type_name("KIND,...")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->check(one_of(k_target_words));
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

/// The validators of this machine, or what is wrong with them in the form that was asked for.
std::optional<hocket::ddl::Validators> read_validators(const Words& words) {
    auto validators = hocket::ddl::read_validators_folder(words.validators);
    if (validators) return std::move(*validators);
    if (words.format == DiagnosticsFormat::text) {
        fail(ExitCode::errors, validators.error().message);
    } else {
        hocket::ddl::Diagnostic diagnostic;
        diagnostic.file = words.validators.string();
        diagnostic.message = validators.error().message;
        std::cout << write_diagnostics({diagnostic}, words.format);
    }
    return std::nullopt;
}

ExitCode run_command(bool is_check, Words& words) {
    if (words.files.empty() && words.folders.empty())
        return fail(ExitCode::usage, "hocketc: no FILE and no --recursive DIR is given; try --help");
    const bool is_named = words.validators != hocket::ddl::k_validators_folder;
    if (is_named && !std::filesystem::exists(words.validators))
        return fail(ExitCode::usage, "hocketc: --validators: there is no " + words.validators.string());
    auto validators = read_validators(words);
    if (!validators) return ExitCode::errors;
    const Settings settings{.validators = std::make_shared<hocket::ddl::Validators>(std::move(*validators)),
                            .strict = words.strict};
    const Streams streams{std::cout, std::cerr};
    Sources sources = find_sources(words.files, words.folders);
    if (sources.files.empty() && sources.problems.empty())
        return fail(ExitCode::errors, "hocketc: no description below the folder");
    if (is_check) return check(sources, settings, words.format, streams);
    if (!words.job.folder && sources.files.size() * words.job.targets.size() > 1)
        return fail(ExitCode::usage, "hocketc: several files are made; say where with -o DIR");
    words.job.sources = std::move(sources);
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

std::vector<std::string> commands_of(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* const command : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(command->get_name());
    return names;
}

std::string unknown_command(const std::string& word, const std::vector<std::string>& commands) {
    const std::string near = hocket::nearest(word, commands);
    return "hocketc: unknown command \"" + word + "\"; " +
           (near.empty() ? "the commands are " + hocket::join(commands, ", ") + "; see: hocketc --help"
                         : "did you mean '" + near + "'?");
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
        const std::vector<std::string> commands = commands_of(app);
        if (argc > 1 && *argv[1] != '-' && std::ranges::find(commands, argv[1]) == commands.end())
            return fail(ExitCode::usage, unknown_command(argv[1], commands));
        return app.exit(error) == 0 ? ExitCode::clean : ExitCode::usage;
    }
    if (new_command->parsed()) return make_agent(words);
    return run_command(check_command->parsed(), words);
}

}  // namespace

int main(int argc, char** argv) {
    hocket::occupy_standard_streams();
    join_freed_blocks_at_once();
    try {
        const ExitCode code = run(argc, argv);
        if (std::cout.flush()) return static_cast<int>(code);
        std::cerr << "hocketc: cannot write to standard output\n";
        return static_cast<int>(ExitCode::errors);
    } catch (const std::exception& error) {
        std::cerr << "hocketc: " << error.what() << "\n";
        return static_cast<int>(ExitCode::errors);
    }
}
