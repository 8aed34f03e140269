#include <cstdio>
#include <iostream>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>

#include "core/base/standard_streams.h"
#include "core/crypto/openssl_at_exit.h"
#include "hocket_version.h"
#include "runner/check.h"
#include "runner/daemon.h"

namespace {

constexpr int k_usage = 64;
constexpr int k_io = 70;

int fail(const hocket::Error& error) {
    std::fprintf(stderr, "hocketd: %s\n", error.message.c_str());
    return hocket::disposition(error.code).exit_code;
}

int serve(const std::filesystem::path& config_file) {
    hocket::Result<hocket::RunnerConfig> config = hocket::read_runner_config(config_file);
    if (!config) return fail(config.error());
    const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
    hocket::Log log(config->log_level, journal ? hocket::Log::Timestamps::off : hocket::Log::Timestamps::on);
    const hocket::SystemClock clock;
    boost::asio::io_context io(1);
    auto daemon = hocket::Daemon::make(io, std::move(*config), clock, log);
    if (!daemon) return fail(daemon.error());
    (*daemon)->start();
    io.run();
    return 0;
}

int run(int argc, char** argv) {
    CLI::App app("Takes signed requests from NATS and runs agents in any language", "hocketd");
    app.footer(
        "SIGHUP reads the configuration anew; SIGTERM finishes what runs and stops.\n"
        "Exit codes: 0, 64 usage, 69 check cannot reach the broker, 70 failed, 78 configuration.");
    std::filesystem::path config_file = "/etc/hocket/runner.toml";
    app.add_option("--config,-c", config_file, "The configuration")
        ->capture_default_str()
        ->check(CLI::Validator(
            [](std::string& path) -> std::string { return path.empty() ? "is empty" : std::string(); }, ""));
    app.set_version_flag("--version", std::string("hocketd ") + hocket::k_version);
    CLI::App* check =
        app.add_subcommand("check", "Look at everything that a start needs, and say what to mend");
    check->fallthrough();  // --config may stand behind it
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);
        std::fprintf(stderr, "hocketd: %s; see: hocketd --help\n", error.what());
        return k_usage;
    }
    return check->parsed() ? hocket::check_node(config_file, std::cout) : serve(config_file);
}

}  // namespace

int main(int argc, char** argv) {
    hocket::occupy_standard_streams();
    hocket::crypto::keep_openssl_at_exit();
    try {
        const int code = run(argc, argv);
        if (std::cout.flush()) return code;
        std::fputs("hocketd: cannot write to standard output\n", stderr);
        return k_io;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "hocketd: %s\n", error.what());
        return k_io;
    }
}
