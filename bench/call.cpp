// Calls an action again and again, as a program with libhocket-client does, and prints how long each call took in
// microseconds: bench_call AGENT ACTION NODE[,NODE…] COUNT [FOLDER]
// One node is asked on its own subject; several are asked with one broadcast, until all of them have answered.
// With a folder it leaves there what went over the wire, for the baseline: request, request-header.
#include "client/lib/call.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

#include "client/lib/session.h"
#include "client/lib/targets.h"
#include "core/base/clock.h"
#include "core/base/text.h"

using namespace hocket;

namespace {

void keep(const std::string& folder, const std::string& name, const std::string& content) {
    std::ofstream(folder + '/' + name, std::ios::binary) << content;
}

int fail(const Error& error) {
    std::fprintf(stderr, "bench_call: %s\n", error.message.c_str());
    return 1;
}

client::CallPlan plan_for(client::Session& session, const char* agent, const char* action,
                          const std::vector<std::string>& nodes) {
    wire::Request request = session.new_request(agent, action);
    if (nodes.size() == 1) return client::plan_direct_call(session, std::move(request), nodes, false);
    client::CallPlan plan;
    plan.wait = client::longest_wait(request.timeout_ms);
    plan.request = std::move(request);
    plan.expected = nodes;
    return plan;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 5) return 64;
    Result<client::ClientConfig> config = client::load_config({});
    if (!config) return fail(config.error());
    boost::asio::io_context io(1);
    const SystemClock clock;
    const auto session = client::Session::open(io, std::move(*config), clock);
    if (!session) return fail(session.error());
    const std::vector<std::string> nodes = split(argv[3], ',');
    for (int i = 0; i < std::atoi(argv[4]); ++i) {
        client::CallPlan plan = plan_for(**session, argv[1], argv[2], nodes);
        if (argc > 5 && i == 0) {
            const std::string payload = wire::encode_request(plan.request);
            keep(argv[5], "request", payload);
            keep(argv[5], "request-header", (*session)->keys().sign_request(payload));
        }
        bool is_over = false;
        const auto begin = clock.steady();
        std::chrono::duration<double, std::micro> took{};
        const auto call = client::Call::start(**session, std::move(plan),
                                              {[&](const client::CallResult& result) {
                                                   took = clock.steady() - begin;
                                                   is_over = true;
                                                   if (result.replies.size() != nodes.size()) std::exit(1);
                                               },
                                               {}});
        if (!call) return fail(call.error());
        while (!is_over)
            io.run_one();
        std::printf("%.1f\n", took.count());
    }
    return 0;
}
