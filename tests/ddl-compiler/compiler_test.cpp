#include "ddl-compiler/compiler.h"

#include <gtest/gtest.h>
#include <sstream>

#include "core/base/file.h"
#include "core/ddl/reader.h"
#include "core/ddl/writer.h"
#include "ddl-compiler/sources.h"
#include "tests/support/golden.h"
#include "tests/support/temporary_folder.h"

namespace hocket::ddl_compiler {
namespace {

namespace fs = std::filesystem;

class Compiler : public testing::Test {
protected:
    ExitCode check_files(std::vector<fs::path> files, DiagnosticsFormat format = DiagnosticsFormat::text) {
        return check({std::move(files), {}}, {}, format, streams_);
    }
    ExitCode compile_files(std::vector<fs::path> files, std::vector<Target> targets,
                           std::optional<fs::path> folder) {
        return compile({{std::move(files), {}}, std::move(targets), Language::bash, std::move(folder)}, {},
                       DiagnosticsFormat::text, streams_);
    }
    bool says(const std::string& text) const { return diagnostics_.str().find(text) != std::string::npos; }

    const test::TemporaryFolder place_;  // of a clean description, whose name is its file's
    const fs::path good_ =
        place_.write("disk.yaml", read_file(test::golden_path("ddl/help.yaml"), 1U << 20U).value());
    const fs::path bad_ = test::golden_path("ddl/broken.yaml");
    const fs::path warned_ = test::golden_path("ddl/choria_warnings.json");
    const std::string canonical_ = ddl::canonical_json(ddl::read_file(good_).value().agent) + "\n";
    const test::TemporaryFolder folder_;
    std::ostringstream output_;
    std::ostringstream diagnostics_;
    const Streams streams_{output_, diagnostics_};
};

TEST_F(Compiler, SaysNothingAboutACleanFile) {
    EXPECT_EQ(check_files({good_}), ExitCode::clean);
    EXPECT_EQ(output_.str() + diagnostics_.str(), "");
}

TEST_F(Compiler, PrintsWarningsAndStaysClean) {
    EXPECT_EQ(check_files({warned_}), ExitCode::clean);
    EXPECT_TRUE(says("choria_warnings.json:"));
}

TEST_F(Compiler, GoesOnAfterAnError) {
    EXPECT_EQ(check_files({bad_, "/nowhere/x.json", "/nowhere/x.txt", warned_}), ExitCode::errors);
    EXPECT_TRUE(says("broken.yaml:"));
    EXPECT_TRUE(says("/nowhere/x.json: error: cannot open"));
    EXPECT_TRUE(says("/nowhere/x.txt: error: a description's file name ends in .ddl, .json, .yaml or .yml"));
    EXPECT_TRUE(says("choria_warnings.json:"));
}

TEST_F(Compiler, PrintsWhatMachinesReadToTheOutput) {
    EXPECT_EQ(check_files({bad_}, DiagnosticsFormat::json), ExitCode::errors);
    EXPECT_EQ(diagnostics_.str(), "");
    EXPECT_NE(output_.str().find("\"severity\": \"error\""), std::string::npos);
}

TEST_F(Compiler, EmitsOneFileToTheOutput) {
    EXPECT_EQ(compile_files({good_}, {Target::json}, {}), ExitCode::clean);
    EXPECT_EQ(output_.str(), canonical_);
}

TEST_F(Compiler, EmitsNothingFromAFileWithErrors) {
    EXPECT_EQ(compile_files({bad_}, {Target::json}, {}), ExitCode::errors);
    EXPECT_EQ(output_.str(), "");
}

TEST_F(Compiler, WritesOneFileForEachInputAndKind) {
    const fs::path made = folder_ / "made/here";
    EXPECT_EQ(compile_files({good_, bad_, warned_}, {Target::json, Target::yaml}, made), ExitCode::errors);
    EXPECT_EQ(read_file(made / "disk.json", 1U << 20U).value(), canonical_);
    EXPECT_TRUE(fs::exists(made / "disk.yaml"));
    EXPECT_TRUE(fs::exists(made / "choria_warnings.json"));
    EXPECT_FALSE(fs::exists(made / "broken.json"));
}

TEST_F(Compiler, OverwritesNoSource) {
    const fs::path source = folder_ / "disk.yaml";
    fs::copy_file(good_, source);
    EXPECT_EQ(compile_files({source}, {Target::yaml}, folder_.path()), ExitCode::errors);
    EXPECT_TRUE(says("disk.yaml is a source"));
    EXPECT_EQ(read_file(source, 1U << 20U).value(), read_file(good_, 1U << 20U).value());
}

TEST_F(Compiler, WritesNoFileTwice) {
    fs::create_directory(folder_ / "other");
    fs::copy_file(good_, folder_ / "other/disk.yaml");
    EXPECT_EQ(compile_files({good_, folder_ / "other/disk.yaml"}, {Target::json}, folder_ / "made"),
              ExitCode::errors);
    EXPECT_TRUE(says("disk.json is made of " + good_.string() + " already"));
}

TEST_F(Compiler, SaysWhichKindsHaveNoSuchForm) {
    const fs::path source = folder_.write("x.json", R"({"kind": "validator", "metadata": {"name": "x",
        "description": "d", "author": "a", "license": "l", "version": "1", "url": "u", "timeout": 1}})");
    EXPECT_EQ(compile_files({source}, {Target::schema}, {}), ExitCode::errors);
    EXPECT_TRUE(says("x.json: error: "));
}

TEST_F(Compiler, RefusesWhatIsLargerThanSixteenMebibytes) {
    const fs::path source = folder_ / "big.yaml";
    fs::copy_file(good_, source);
    fs::resize_file(source, k_source_limits.max_bytes + 1);
    EXPECT_EQ(check_files({source}), ExitCode::errors);
    EXPECT_TRUE(says("big.yaml: error: "));
}

TEST_F(Compiler, FindsDescriptionsBelowAFolder) {
    for (const char* name : {"b/one.ddl", ".git/three.ddl", "disk/disk.yaml"})
        folder_.write(name, "anything");
    folder_.write("a/two.yaml", "metadata: {name: two}\nactions: []\n");
    folder_.write("a/data.json", R"({"metadata": {}, "kind": "data"})");
    folder_.write("a/broken.json", R"({"metadata": {}, "actions": [)");
    folder_.write("a/package.json", R"({"name": "metadata"})");
    folder_.write("a/service.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: actions}\n");
    folder_.write("a/notes.txt", "metadata actions");
    const Sources found = find_sources({folder_ / "b/one.ddl"}, {folder_.path()});
    EXPECT_EQ(found.files, (std::vector<fs::path>{folder_ / "b/one.ddl", folder_ / "a/broken.json",
                                                  folder_ / "a/data.json", folder_ / "a/two.yaml",
                                                  folder_ / "disk/disk.yaml"}));
    EXPECT_TRUE(found.problems.empty());
}

TEST_F(Compiler, SaysWhichFolderCannotBeRead) {
    const Sources found = find_sources({good_}, {folder_ / "none"});
    EXPECT_EQ(found.files.size(), 1U);
    EXPECT_EQ(check(found, {}, DiagnosticsFormat::text, streams_), ExitCode::errors);
    EXPECT_TRUE(says("none: error: cannot read the folder: No such file or directory"));
}

TEST_F(Compiler, ReadsAFileOnce) {
    const fs::path dotted = good_.parent_path() / "." / good_.filename();
    EXPECT_EQ(find_sources({good_, dotted, bad_, good_}, {}).files, (std::vector<fs::path>{good_, bad_}));
}

TEST_F(Compiler, CountsWhatIsWrongWithSeveralFiles) {
    check_files({good_, good_});
    EXPECT_EQ(diagnostics_.str(), "2 descriptions: no errors, no warnings\n");
    check_files({warned_, bad_});
    EXPECT_TRUE(says("2 descriptions: "));
}

TEST_F(Compiler, SaysHowAFolderIsRead) {
    EXPECT_EQ(check_files({folder_.path()}), ExitCode::errors);
    EXPECT_TRUE(says("is a folder; what is below it is read with --recursive"));
}

TEST_F(Compiler, TakesNoFileForAFolder) {
    const fs::path file = folder_.write("made", "text");
    EXPECT_EQ(compile_files({good_}, {Target::json}, file), ExitCode::errors);
    EXPECT_TRUE(says("made: error: is a file; -o takes a folder"));
    EXPECT_EQ(read_file(file, 100).value(), "text");
}

TEST_F(Compiler, MakesOfEachWhatThereIs) {
    const fs::path data =
        folder_.write("load_data.yaml",
                      "kind: data\nmetadata: {name: load, description: d, author: a, license: l, "
                      "version: \"1\", url: u, timeout: 1}\noutput: {}\n");
    EXPECT_EQ(compile_files({good_, data}, {Target::json, Target::schema}, folder_ / "made"),
              ExitCode::clean);
    EXPECT_TRUE(
        says("load_data.yaml: warning: describes something of kind 'data'; only agents have the form"));
    EXPECT_TRUE(fs::exists(folder_ / "made/load_data.json"));
    EXPECT_EQ(compile_files({data}, {Target::schema}, folder_ / "made"), ExitCode::errors);
    const fs::path other = folder_.write("other_data.yaml", read_file(data, 1U << 20U).value());
    EXPECT_EQ(compile_files({data, other}, {Target::schema}, folder_ / "made"), ExitCode::errors);
    Settings strict;
    strict.strict = true;
    EXPECT_EQ(compile({{{good_, data}, {}}, {Target::schema}, Language::bash, folder_ / "made"}, strict,
                      DiagnosticsFormat::text, streams_),
              ExitCode::errors);
}

TEST_F(Compiler, OverwritesNoSkeleton) {
    EXPECT_EQ(compile_files({good_}, {Target::skeleton}, folder_.path()), ExitCode::clean);
    const fs::path made = folder_.write("disk.sh", "my work");
    EXPECT_EQ(compile_files({good_}, {Target::skeleton}, folder_.path()), ExitCode::errors);
    EXPECT_TRUE(says("disk.sh is there already"));
    EXPECT_EQ(read_file(made, 100).value(), "my work");
}

/// A description with these inputs, and what else is to stand at its top.
std::string agent_with(const std::string& inputs, const std::string& more = "") {
    return "metadata: {name: agent, description: d, author: a, license: l, version: \"1\", url: u, timeout: "
           "1}\n" +
           more + "actions:\n  - action: go\n    description: Goes\n    display: always\n    input:\n" +
           inputs;
}

constexpr const char* k_text_input = ": {prompt: P, description: d, type: string, maxlength: 9";

TEST_F(Compiler, ShowsErrorsAmongManyWarnings) {
    std::string inputs;
    for (int number = 0; number < 120; ++number)
        inputs += "      i" + std::to_string(number) + ": {prompt: P, description: d, type: string}\n";
    const fs::path source = folder_.write(
        "agent.yaml", agent_with(inputs + "      last: {prompt: P, description: d, type: int}\n"));
    EXPECT_EQ(check_files({source}), ExitCode::errors);
    EXPECT_TRUE(says("unknown type 'int'"));
    EXPECT_TRUE(says("agent.yaml: warning: 20 more warnings, not shown"));
}

TEST_F(Compiler, SilencesMoreWarningsThanItShows) {
    std::string inputs = "# hocketc: allow-file no_maxlength -- there are many\n";
    for (int number = 0; number < 120; ++number)
        inputs += "      i" + std::to_string(number) + ": {prompt: P, description: d, type: string}\n";
    Settings settings;
    settings.strict = true;
    EXPECT_EQ(check({{folder_.write("agent.yaml", agent_with(inputs))}, {}}, settings,
                    DiagnosticsFormat::text, streams_),
              ExitCode::clean);
    EXPECT_EQ(diagnostics_.str(), "");
}

TEST_F(Compiler, SilencesNothingByAText) {
    const std::string input =
        "      x: {prompt: P, description: \"# hocketc: allow-file no_maxlength\", type: string}\n"
        "      y: {prompt: P, description: d, type: string}  # hocketc: allow no_maxlength\n";
    check_files({folder_.write("agent.yaml", agent_with(input))});
    EXPECT_TRUE(says("agent.yaml:7:"));
    EXPECT_FALSE(says("agent.yaml:8:"));
}

TEST_F(Compiler, SaysThatAnAllowanceMustBeAList) {
    check_files({folder_.write("agent.yaml", agent_with("", "$allow: no_maxlength\n"))});
    EXPECT_TRUE(says("'$allow' silences nothing: it must be a list"));
}

TEST_F(Compiler, WarnsOfAnInstructionThatIsNone) {
    const std::string input =
        "# hocketc: disable no_maxlength\n# hocketc: allow_file no_maxlength\n# hocketc: allow -- all\n";
    check_files({folder_.write("agent.yaml", agent_with(input))});
    EXPECT_TRUE(says("agent.yaml:7:3: warning: 'hocketc: disable' silences nothing [unknown_warning]"));
    EXPECT_TRUE(says("did you mean 'allow-file'?"));
    EXPECT_TRUE(says("agent.yaml:9:3: warning: 'hocketc: allow' silences nothing: it names no warning"));
}

TEST_F(Compiler, SilencesWarningsOfAllowancesToo) {
    const std::string input =
        "# hocketc: allow-file unused_allow, unknown_warning -- for several hocketc\n"
        "# hocketc: allow-file no_such_warning, long_timeout\n";
    EXPECT_EQ(check_files({folder_.write("agent.yaml", agent_with(input))}), ExitCode::clean);
    EXPECT_EQ(diagnostics_.str(), "");
}

TEST_F(Compiler, CallsNoAllowanceUnusedBesideAnError) {
    const std::string input = "      # hocketc: allow unanchored_regex\n      x" + std::string(k_text_input) +
                              ", validation: '[a-z]+'}\n      y: {prompt: P, description: d, type: int}\n";
    check_files({folder_.write("agent.yaml", agent_with(input))});
    EXPECT_TRUE(says("unknown type 'int'"));
    EXPECT_FALSE(says("unused_allow"));
}

TEST_F(Compiler, KnowsTheValidatorsOfTheMachine) {
    ddl::ValidatorRule rule;
    rule.pattern = "lab[0-9]+";
    ddl::Validators validators;
    ASSERT_TRUE(validators.declare("lab_host", rule));
    const fs::path source = folder_.write(
        "agent.yaml", agent_with("      x" + std::string(k_text_input) + ", validation: lab_host}\n"));
    const Settings settings{.validators = std::make_shared<ddl::Validators>(validators)};
    EXPECT_EQ(check({{source}, {}}, settings, DiagnosticsFormat::text, streams_), ExitCode::clean);
    EXPECT_EQ(diagnostics_.str(), "");
}

TEST_F(Compiler, WarnsOfAMistypedValidatorOnce) {
    check_files({folder_.write("agent.yaml",
                               agent_with("      x" + std::string(k_text_input) + ", validation: fqnd}\n"))});
    EXPECT_TRUE(says("unknown_validator"));
    EXPECT_FALSE(says("unanchored_regex"));
}

TEST_F(Compiler, WarnsOfAValidatorThatNobodyNeeds) {
    check_files({folder_.write("agent.yaml", agent_with("", "validators:\n  team: {pattern: '^a$'}\n"))});
    EXPECT_TRUE(says("agent.yaml:3:3: warning: no input needs the validator 'team' [unused_validator]"));
}

TEST_F(Compiler, WarnsOfANameThatIsNotTheFiles) {
    check_files({folder_.write("other.yaml", agent_with(""))});
    EXPECT_TRUE(
        says("other.yaml:1:18: warning: the agent is called 'agent' and its file 'other' [name_differs]"));
}

TEST_F(Compiler, WarnsOfWhatNoNodeReads) {
    std::string text = agent_with("");
    const fs::path source = folder_.write("agent.yaml", text + std::string(1U << 20U, '#') + "\n");
    EXPECT_EQ(check_files({source}), ExitCode::clean);
    EXPECT_TRUE(says("no node reads it: "));
}

std::size_t errors_in(const std::string& diagnostics) {
    std::size_t errors = 0;
    for (std::size_t at = diagnostics.find(" error: "); at != std::string::npos;
         at = diagnostics.find(" error: ", at + 1))
        ++errors;
    return errors;
}

/// What is wrong once is said once, whatever follows from it.
class FollowUps : public Compiler, public testing::WithParamInterface<std::pair<const char*, const char*>> {};

TEST_P(FollowUps, AreNotReported) {
    const auto& [more, message] = GetParam();
    check_files(
        {folder_.write("agent.yaml", agent_with("      x" + std::string(k_text_input) + "}\n", more))});
    EXPECT_TRUE(says(message));
    EXPECT_EQ(errors_in(diagnostics_.str()), 1U) << diagnostics_.str();
}

INSTANTIATE_TEST_SUITE_P(
    All, FollowUps,
    testing::Values(
        std::pair("validators:\n  team: {patern: '^a$'}\n", "did you mean 'pattern'?"),
        std::pair("validators:\n  team: {pattern: 7}\n  teams: {separator: ',', item: team}\n",
                  "'pattern' of validator 'team' must be a string"),
        std::pair("validators:\n  v: {pattern: '(', min_length: 3}\n  w: {separator: ',', item: v}\n",
                  "validator 'v' 'pattern'"),
        std::pair("validators:\n  v: {min_length: 3, max_length: 2}\n", "'min_length' is above 'max_length'"),
        std::pair("validators:\n  v: {separator: ',', item: nobody}\n", "which is unknown or needs this one"),
        std::pair("run: {contract: jsn, worker: {fork: true}, exit_codes: {0: ok}}\n",
                  "did you mean 'json'?"),
        std::pair("kind: foo\ncapabilities: [classes]\n", "'kind' of the DDL must be one of")));

constexpr const char* k_half_ruby = R"(metadata :name => NAME, :description => "d"
action "go", :description => "Goes" do
  input :good, :prompt => "P", :description => "d", :type => :string, :maxlength => 9, :optional => true,
        :validation => :no_such_one
  input :bad, :prompt => ENV["HOME"]
  output :lost, :display_as => PREFIX + "x"
  summarize do
    aggregate average(:lost)
  end
end
)";

TEST_F(Compiler, ChecksWhatIsLeftOfARubySource) {
    check_files({folder_.write("agent/agent.ddl", k_half_ruby)});
    EXPECT_TRUE(says("agent.ddl:1:19: error: a constant"));
    EXPECT_TRUE(says("no validator is named 'no_such_one'"));
    EXPECT_EQ(errors_in(diagnostics_.str()), 4U) << diagnostics_.str();
}

class RubyAgain : public Compiler, public testing::WithParamInterface<const char*> {};

TEST_P(RubyAgain, IsRead) {
    const std::string validation = std::string(", validation: '") + GetParam() + "'}\n";
    const fs::path source =
        folder_.write("agent.yaml", agent_with("      x" + std::string(k_text_input) + validation));
    ASSERT_EQ(compile_files({source}, {Target::ruby}, folder_ / "agent"), ExitCode::clean);
    const auto again = read_unit(folder_ / "agent/agent.ddl", {});
    ASSERT_TRUE(again.description) << ddl::join_lines(again.diagnostics);
    const std::string read =
        std::get<ddl::Agent>(*again.description).actions.at(0).inputs.at(0).validation.text();
    // Other patterns are written anew on their way.
    const bool is_kept = *GetParam() == '\0' || ddl::built_in_validator(GetParam());
    if (is_kept) {
        EXPECT_EQ(read, GetParam());
    }
}

INSTANTIATE_TEST_SUITE_P(Validations, RubyAgain,
                         testing::Values("", "fqdn", "ipaddress", "ipv4address", "ipv6address", "shellsafe",
                                         "service_name", "puppet_server_address", "^[[:alpha:]]+$", "^\\pL+$",
                                         "^[\\x{1f600}a]$", "^a/b\\d$", "^(?s:.*)$", "(?i)^a$"));

}  // namespace
}  // namespace hocket::ddl_compiler
