#include "core/base/file.h"
#include "tests/runner/execution/executor_fixture.h"

namespace hocket::execution {
namespace {

/// What a child sees, word for word: a change here is a change of the contract.
class GoldenSurroundingsTest : public ExecutorTest {
protected:
    /// The names in its environment, each with its value where that is always the same, and its descriptors by kind.
    static constexpr const char* k_look = R"(
look() {
    local name fd
    while IFS= read -r -d '' name; do
        case $name in
            HOCKET_EXECUTION_ID=* | HOCKET_REQUEST_ID=* | HOCKET_DEADLINE=* | HOME=* | _=* ) seen+="${name%%=*} " ;;
            *) seen+="$name " ;;
        esac
    done < <(sort -z /proc/$$/environ)
    for fd in 0 1 2 3 4 5 6 7 8 9; do
        [[ -e /proc/$$/fd/$fd ]] && name=$(readlink /proc/$$/fd/$fd) && seen+="$fd:${name%%:*} "
    done
}
)";
    static constexpr const char* k_reply =
        R"(printf '{%s"statuscode":0,"data":{"seen":"%s"}}\n' "$1" "$seen" >&3)";

    std::string seen(const AgentResult& result) {
        EXPECT_EQ(result.outcome, Outcome::ok) << result.statusmsg;
        return result.data.value("seen", std::string());
    }
};

TEST_F(GoldenSurroundingsTest, OfContractJson) {
    install("a", "contract: json", std::string(k_look) + "look; set -- ''; " + k_reply);
    EXPECT_EQ(seen(ask("a", {.inputs = {{"text", "x"}}})),
              "HOCKET_ACTION=go HOCKET_AGENT=a HOCKET_CALLER=psk=ops HOCKET_CONTRACT=json HOCKET_DEADLINE "
              "HOCKET_EXECUTION_ID HOCKET_INPUT_TEXT=x HOCKET_NOOP=false HOCKET_PROTOCOL=1 HOCKET_REPLY_FD=3 "
              "HOCKET_REQUEST_ID HOME LANG=C.UTF-8 PATH=/usr/bin:/bin PYTHONUNBUFFERED=1 TMPDIR=/tmp "
              "0:/memfd 1:pipe 2:pipe 3:pipe ");
}

TEST_F(GoldenSurroundingsTest, OfContractScript) {
    folder_.write(
        "agents/a/a.yaml",
        "metadata: {name: a, description: d, author: a, license: l, version: '1', url: u, timeout: 9}\n"
        "run: {contract: script}\nactions: [{action: go, description: d, output: {stdout: {description: "
        "d, display_as: D}}}]\n");
    folder_.write("agents/a/a", std::string("#!/bin/bash\n") + k_look + "look; echo \"$seen\"", 0755);
    load();
    EXPECT_EQ(ask("a").data.value("stdout", std::string()),
              "HOCKET_ACTION=go HOCKET_AGENT=a HOCKET_CALLER=psk=ops HOCKET_CONTRACT=script HOCKET_DEADLINE "
              "HOCKET_EXECUTION_ID HOCKET_NOOP=false HOCKET_PROTOCOL=1 HOCKET_REQUEST_ID HOME LANG=C.UTF-8 "
              "PATH=/usr/bin:/bin PYTHONUNBUFFERED=1 TMPDIR=/tmp 0:/memfd 1:pipe 2:pipe \n");
}

TEST_F(GoldenSurroundingsTest, OfContractWorker) {
    install("a", "contract: worker, worker: {in_flight: 4, fork: true}",
            std::string(k_look) + R"(read -r line; [[ $line =~ \"id\":\"([^\"]*)\" ]]
look; set -- "\"id\":\"${BASH_REMATCH[1]}\","; )" +
                k_reply);
    EXPECT_EQ(seen(ask("a", {.inputs = {{"text", "x"}}})),
              "HOCKET_AGENT=a HOCKET_CONTRACT=worker HOCKET_EXECUTION_ID HOCKET_PROTOCOL=1 HOCKET_REPLY_FD=3 "
              "HOCKET_WORKER_FORK=true HOCKET_WORKER_IN_FLIGHT=4 HOME LANG=C.UTF-8 PATH=/usr/bin:/bin "
              "PYTHONUNBUFFERED=1 TMPDIR=/tmp 0:pipe 1:pipe 2:pipe 3:pipe ");
}

TEST_F(GoldenSurroundingsTest, OnStandby) {
    install("a", "contract: json, standby: 1",
            std::string(k_look) + "cat >/dev/null; look; set -- ''; " + k_reply);
    drive_until([&] { return executor_.standby().waiting() == 1; });
    EXPECT_EQ(
        seen(ask("a", {.inputs = {{"text", "x"}}})),
        "HOCKET_AGENT=a HOCKET_CONTRACT=json HOCKET_EXECUTION_ID HOCKET_PROTOCOL=1 HOCKET_REPLY_FD=3 HOME "
        "LANG=C.UTF-8 PATH=/usr/bin:/bin PYTHONUNBUFFERED=1 TMPDIR=/tmp 0:pipe 1:pipe 2:pipe 3:pipe ");
}

/// What the node's configuration gives an agent.
class SettingsTest : public ExecutorTest {
protected:
    /// The output `seen` of a script under these settings.
    std::string seen(const agents::AgentSettings& settings, const std::string& look) {
        install("a", "contract: json",
                "seen=$(" + look + "); printf '{\"statuscode\":0,\"data\":{\"seen\":\"%s\"}}' \"$seen\" >&3");
        load({.folders = {}, .defaults = settings});
        const AgentResult result = ask("a");
        EXPECT_EQ(result.outcome, Outcome::ok) << result.statusmsg;
        return result.data.value("seen", std::string());
    }
};

TEST_F(SettingsTest, LimitsAndPriorities) {
    agents::AgentSettings settings;
    settings.traits.limits.open_files = 40;
    settings.traits.limits.file_bytes = 4096;
    settings.traits.limits.cpu_seconds = 9;
    settings.traits.umask = 077;
    settings.traits.nice = 19;  // never below our own
    EXPECT_EQ(seen(settings, "echo $(ulimit -n; ulimit -f; ulimit -t; umask; nice)"), "40 4 9 0077 19");
}

TEST_F(SettingsTest, APrivateFolderForTemporaryFilesIsGoneAfterwards) {
    agents::AgentSettings settings;
    settings.has_private_tmp = true;
    const std::string folder = seen(settings, "mktemp >/dev/null && echo $TMPDIR");
    EXPECT_NE(folder.find("/tmp/hocket-"), std::string::npos) << folder;
    drive_until([&] { return !std::filesystem::exists(folder) && supervisor_.running() == 0; });
}

}  // namespace
}  // namespace hocket::execution
