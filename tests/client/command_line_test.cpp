#include "client/cli/command_line.h"

#include <gtest/gtest.h>

namespace hocket::cli {
namespace {

Result<CommandLine> parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "hocket");
    return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

template <class Command>
Command parse_as(const std::vector<const char*>& arguments) {
    const Result<CommandLine> line = parse(arguments);
    EXPECT_TRUE(line) << line.error().message;
    return std::get<Command>(line->command);
}

std::string error_of(const std::vector<const char*>& arguments) {
    const Result<CommandLine> line = parse(arguments);
    if (line) return "no error";
    EXPECT_EQ(line.error().code, ErrorCode::usage);
    return line.error().message;
}

TEST(CommandLine, RpcTakesInputsAmongItsOptions) {
    const RpcCommand rpc = parse_as<RpcCommand>(
        {"rpc", "disk", "usage", "-I", "web1", "path=/", "--noop", "count=-3", "empty="});
    EXPECT_EQ(rpc.agent, "disk");
    EXPECT_EQ(rpc.action, "usage");
    EXPECT_EQ(rpc.inputs, (std::vector<std::string>{"path=/", "count=-3", "empty="}));
    EXPECT_TRUE(rpc.noop);
}

TEST(CommandLine, FiltersAreRepeatedAndTakeOneValueEach) {
    const Result<CommandLine> line = parse({"rpc", "disk", "usage", "-F", "a=1", "-F", "b>2", "-C", "web",
                                            "-A", "/x/", "-I", "n1", "-I", "n2", "p=1"});
    ASSERT_TRUE(line);
    EXPECT_EQ(line->node.filter.facts, (std::vector<std::string>{"a=1", "b>2"}));
    EXPECT_EQ(line->node.filter.classes, (std::vector<std::string>{"web"}));
    EXPECT_EQ(line->node.filter.agents, (std::vector<std::string>{"/x/"}));
    EXPECT_EQ(line->node.filter.identities, (std::vector<std::string>{"n1", "n2"}));
}

TEST(CommandLine, SecondsMayHaveAFraction) {
    const Result<CommandLine> line =
        parse({"facts", "os", "-t", "0.25", "--ttl", "2", "--discovery-timeout", "0.5"});
    ASSERT_TRUE(line);
    EXPECT_EQ(line->node.timeout_ms, 250);
    EXPECT_EQ(line->node.ttl_ms, 2000);
    EXPECT_EQ(line->node.discovery_timeout_ms, 500);
    EXPECT_FALSE(parse({"find"})->node.discovery_timeout_ms);
    EXPECT_FALSE(parse({"find"})->node.timeout_ms);
    EXPECT_EQ(parse_as<RpcCommand>({"rpc", "a", "b", "--retry-busy", "1.5"}).retry_busy_ms, 1500);
}

TEST(CommandLine, CommonOptionsStandBeforeOrBehindTheCommand) {
    using Words = std::vector<const char*>;
    for (const Words& words :
         {Words{"--config", "x.toml", "--json", "find"}, Words{"find", "--config", "x.toml", "--json"},
          Words{"--json", "agents", "--config", "x.toml", "list"},
          Words{"--json", "agents", "list", "--config", "x.toml"}}) {
        const Result<CommandLine> line = parse(words);
        ASSERT_TRUE(line) << line.error().message;
        EXPECT_EQ(line->common.config_file, "x.toml");
        EXPECT_TRUE(line->common.json);
    }
}

TEST(CommandLine, HelpBehindAnActionIsTheActions) {
    EXPECT_EQ(parse_as<RpcHelpCommand>({"rpc", "disk", "usage", "--help"}).action, "usage");
    EXPECT_EQ(parse_as<RpcHelpCommand>({"rpc", "disk", "-h"}).action, "");
    EXPECT_NE(parse_as<PrintCommand>({"rpc", "--help"}).text.find("Usage: hocket rpc"), std::string::npos);
}

TEST(CommandLine, EveryHelpHasExamplesOfItsOwn) {
    const std::vector<std::vector<const char*>> commands = {{},
                                                            {"ping"},
                                                            {"find"},
                                                            {"rpc"},
                                                            {"agents"},
                                                            {"agents", "list"},
                                                            {"agents", "describe"},
                                                            {"keys"},
                                                            {"keys", "psk"},
                                                            {"keys", "psk", "new"},
                                                            {"keys", "psk", "derive"}};
    for (std::vector<const char*> command : commands) {
        std::string example = "Examples:\n  hocket";
        for (const char* word : command)
            example += std::string(" ") + word;
        command.push_back("--help");
        const std::string text = parse_as<PrintCommand>(command).text;
        EXPECT_NE(text.find(example), std::string::npos) << text;
    }
}

TEST(CommandLine, WithoutArgumentsTheHelpIsAUsageError) {
    EXPECT_EQ(parse_as<PrintCommand>({}).reason, PrintCommand::Reason::nothing_asked);
}

TEST(CommandLine, TheVersionIsText) {
    EXPECT_EQ(parse_as<PrintCommand>({"--version"}).text.substr(0, 7), "hocket ");
}

TEST(CommandLine, AnEmptyTextIsAVariableThatWasNotSet) {
    using Words = std::vector<const char*>;
    for (const auto& words :
         {Words{"ping", "--config", ""}, Words{"find", "-I", ""}, Words{"facts", ""},
          Words{"rpc", "", "ping"}, Words{"inventory", ""}, Words{"keys", "ca", "init", ""},
          Words{"keys", "cert", "show", ""}, Words{"keys", "crl", "--ca", ""}}) {
        EXPECT_NE(error_of(words).find("is empty"), std::string::npos) << error_of(words);
    }
    EXPECT_TRUE(parse({"rpc", "disk", "usage", "path="})) << "which is an input like any other";
}

TEST(CommandLine, ErrorsSayWhereToLook) {
    EXPECT_EQ(error_of({"fnd"}), "unknown command \"fnd\"; did you mean 'find'? See: hocket --help");
    EXPECT_EQ(error_of({"--json", "--color", "never", "fnd", "-F", "a=1"}), error_of({"fnd"}));
    EXPECT_EQ(error_of({"--jsn"}), "there is no option \"--jsn\"; did you mean '--json'? See: hocket --help");
    EXPECT_EQ(error_of({"find", "--ttk", "3"}),
              "there is no option \"--ttk\"; did you mean '--ttl'? See: hocket find --help");
    EXPECT_EQ(error_of({"find", "-S", "role=web"}), "there is no option \"-S\"; see: hocket find --help");
    EXPECT_EQ(error_of({"keys", "cert", "isue"}),
              "unknown command \"isue\"; did you mean 'issue'? See: hocket keys cert --help");
    EXPECT_EQ(error_of({"rpc", "--ttl", "0", "disk", "usage", "--", "path=x"}).find("there is no option"),
              std::string::npos);
    EXPECT_EQ(error_of({"find", "a", "b"}), "these words were not expected: a b; see: hocket find --help");
    EXPECT_EQ(error_of({"rpc", "disk"}), "ACTION is missing; see: hocket rpc --help");
    EXPECT_EQ(error_of({"rpc", "a", "b", "--json", "--jsonl"}),
              "--json and --jsonl exclude each other; see: hocket rpc --help");
    EXPECT_EQ(error_of({"keys", "psk", "new", "ops"}),
              "--output FILE or --dir DIR is missing; see: hocket keys psk new --help");
    EXPECT_NE(error_of({"find", "--ttl", "-1"}), "no error");
    EXPECT_EQ(error_of({"find", "--color", "sometimes"}),
              "--color: must be auto, always or never, not \"sometimes\"; see: hocket find --help");
}

TEST(CommandLine, SecondsAreNumbersWithinBounds) {
    EXPECT_EQ(error_of({"rpc", "a", "b", "-t", "nan"}),
              "--timeout: \"nan\" is no number from 0.001 to 86400; see: hocket rpc --help");
    for (const char* option : {"-t", "--ttl", "--retry-busy", "--discovery-timeout"}) {
        for (const char* value : {"nan", "-nan", "inf", "soon", "1000000", ""})
            EXPECT_NE(error_of({"rpc", "a", "b", option, value}), "no error") << option << ' ' << value;
    }
}

TEST(CommandLine, DiscoveryHasItsOwnTimeout) {
    EXPECT_NE(error_of({"ping", "-t", "1"}), "no error") << "it would have no effect";
    EXPECT_NE(error_of({"find", "-t", "1"}), "no error");
    EXPECT_NE(error_of({"ping", "--discovery-timeout", "0.01"}), "no error");
    using Words = std::vector<const char*>;
    for (const Words& words :
         {Words{"ping"}, Words{"find"}, Words{"inventory", "n"}, Words{"facts", "f"}, Words{"rpc", "a", "b"},
          Words{"agents", "list"}, Words{"agents", "describe", "a"}}) {
        Words longer = words;
        longer.insert(longer.end(), {"--discovery-timeout", "2"});
        const Result<CommandLine> line = parse(longer);
        ASSERT_TRUE(line) << line.error().message;
        EXPECT_EQ(line->node.discovery_timeout_ms, 2000);
    }
}

TEST(CommandLine, InventoryIsAboutOneNode) {
    const Result<CommandLine> line = parse({"inventory", "-I", "web1"});
    ASSERT_TRUE(line) << line.error().message;
    EXPECT_EQ(std::get<InventoryCommand>(line->command).node, "web1");
    EXPECT_EQ(error_of({"inventory", "web1", "-F", "role=db"}),
              "NODE is one node: -F, -C, -A and -I do not go with it; see: hocket inventory --help");
    EXPECT_NE(error_of({"inventory", "web1", "-I", "web1"}), "no error");
    EXPECT_NE(error_of({"inventory", "/web/"}).find("the name of one node"), std::string::npos);
    for (const char* other : {"/web/", "web2"})
        EXPECT_NE(error_of({"inventory", "-I", "/web/", "-I", other}), "no error");
    EXPECT_NE(error_of({"inventory", "-I", "web1", "-C", "x"}), "no error");
    EXPECT_TRUE(parse({"inventory", "--list-collectives", "-F", "role=db"}));
}

TEST(CommandLine, TheExamplesNameAFactAsItIs) {
    const std::string text =
        parse_as<PrintCommand>({"--help"}).text + parse_as<PrintCommand>({"find", "--help"}).text;
    EXPECT_EQ(text.find("debian"), std::string::npos) << text;
}

}  // namespace
}  // namespace hocket::cli
