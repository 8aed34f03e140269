// Answers every request on a subject with the same bytes: bench_echo URL SUBJECT REPLY-FILE HEADER-FILE [check]
// With `check` it also does what cannot be left out when a message is to be trusted: one HMAC over it, and one parse.
#include <cstdio>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <nlohmann/json.hpp>

#include "bench/nats_on_asio.h"

namespace {

bool check(natsMsg* request) {
    const char* header = nullptr;
    if (natsMsgHeader_Get(request, "Hocket-Signature", &header) != NATS_OK) return false;
    const std::string payload(natsMsg_GetData(request),
                              static_cast<std::size_t>(natsMsg_GetDataLength(request)));
    const std::string text = header + ('.' + payload);
    const std::string key(32, 'k');
    unsigned char mac[EVP_MAX_MD_SIZE];
    ::HMAC(::EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, nullptr);
    return nlohmann::json::parse(payload).contains("id");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 5) return 64;
    const std::string reply = content(argv[3]);
    const std::string header = content(argv[4]);
    const bool checks = argc > 5;
    boost::asio::io_context io(1);
    NatsOnAsio nats(io);
    if (!nats.connect(argv[1])) return 69;
    nats.subscribe(argv[2], [&](natsMsg* request) {
        work();
        if (!checks || check(request)) nats.publish(natsMsg_GetReply(request), nullptr, reply, header);
    });
    std::puts("ready");
    std::fflush(stdout);
    io.run();
    return 0;
}
