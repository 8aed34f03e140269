#include "core/transport/broker_url.h"

#include <gtest/gtest.h>

#include "tests/support/nats_server.h"

namespace hocket::transport {
namespace {

std::string read(std::string_view url) {
    const Result<BrokerAddress> address = parse_broker_url(url);
    return address ? address->host + ' ' + address->port : address.error().message;
}

TEST(BrokerUrl, HasAHostAndAPort) {
    EXPECT_EQ(read("nats://127.0.0.1:4223"), "127.0.0.1 4223");
    EXPECT_EQ(read("tls://nats1.example"), "nats1.example 4222");
    EXPECT_EQ(read("nats://ops:p@ss@[::1]:4222/"), "::1 4222");
    EXPECT_EQ(read("[fe80::1]"), "fe80::1 4222");
    EXPECT_EQ(read("nats1.example:80"), "nats1.example 80");
}

TEST(BrokerUrl, IsOneOfNats) {
    EXPECT_EQ(read("http://nats1.example"),
              "the broker's URL \"http://nats1.example\" is not one of NATS: write nats://HOST:PORT");
    for (const char* url : {"nats://", "nats://:4222", "", "[", "[]"})
        EXPECT_NE(read(url).find("names no host"), std::string::npos) << url << ": " << read(url);
}

TEST(WhyUnreachable, TellsWhatTheNetworkSays) {
    EXPECT_EQ(why_unreachable("nats://127.0.0.1:1"), "127.0.0.1:1: Connection refused");
    EXPECT_TRUE(why_unreachable("nats://nosuch.invalid").starts_with("nosuch.invalid:4222: Host not found"))
        << why_unreachable("nats://nosuch.invalid");
    const test::NatsServer server;
    EXPECT_NE(why_unreachable(server.url()).find("takes the connection"), std::string::npos);
}

}  // namespace
}  // namespace hocket::transport
