#include "core/wire/subject.h"

#include <gtest/gtest.h>

namespace hocket::wire {
namespace {

TEST(Subject, IsBuiltAsTheSpecificationSays) {
    EXPECT_EQ(all_subject("main", "disk"), "hocket.main.all.disk");
    EXPECT_EQ(node_subject("main", "disk", "web1.example"), "hocket.main.node.disk.web1.example");
    EXPECT_EQ(node_subscription("main", "web1.example"), "hocket.main.node.*.web1.example");
    EXPECT_EQ(reply_subject("main", "psk=a.b", "01ARZ3NDEKTSV4RRFFQ69G5FAV", 7),
              "hocket.main.reply.psk=a%2Eb.01ARZ3NDEKTSV4RRFFQ69G5FAV.7");
    EXPECT_EQ(reply_subject("main", "psk=a", "01ARZ3NDEKTSV4RRFFQ69G5FAV", 0, "s-1"),
              "hocket.main.reply.psk=a.s-1.01ARZ3NDEKTSV4RRFFQ69G5FAV.0");
    EXPECT_EQ(session_subscription("main", "psk=a", "s-1"), "hocket.main.reply.psk=a.s-1.*.*");
    EXPECT_EQ(reply_subject("main", "psk=a", "01ARZ3NDEKTSV4RRFFQ69G5FAV", std::nullopt),
              "hocket.main.reply.psk=a.01ARZ3NDEKTSV4RRFFQ69G5FAV.all");
}

TEST(Subject, OfARequestIsTakenApart) {
    const RequestSubject all = parse_request_subject("hocket.main.all.disk").value();
    EXPECT_EQ(all.collective, "main");
    EXPECT_EQ(all.agent, "disk");
    EXPECT_FALSE(all.identity);
    EXPECT_EQ(parse_request_subject("hocket.main.node.disk.web1.example").value().identity, "web1.example");
}

TEST(Subject, OfAnythingElseIsRefused) {
    for (const char* subject :
         {"", "hocket", "hocket.main.all", "hocket.main.all.disk.x", "hocket.main.node.disk",
          "hocket.main.reply.psk=a.x.all", "other.main.all.disk", "hocket.Main.all.disk",
          "hocket.main.all.Disk", "hocket.main.node.disk.", "hocket.main.node.disk.A", "hocket..all.disk",
          "hocket.main.all.>"}) {
        EXPECT_FALSE(parse_request_subject(subject)) << subject;
    }
}

TEST(Subject, ReplyIndexIsANumberOrNothing) {
    EXPECT_EQ(reply_index("hocket.main.reply.psk=a.X.12"), 12U);
    for (const char* subject : {"x.all", "x.", "x.-1", "x.1a", "12", "x.99999999999999999999999"}) {
        EXPECT_FALSE(reply_index(subject)) << subject;
    }
}

}  // namespace
}  // namespace hocket::wire
