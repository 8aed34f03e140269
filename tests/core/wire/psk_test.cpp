#include "core/wire/psk.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/base/encoding.h"
#include "core/wire/jws.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/wire_fixture.h"

namespace hocket::wire {
namespace {

using test::TemporaryFolder;
using test::WirePair;

/// Runs the independent implementation (python3-jwt); empty when it says no.
std::string peer(const std::string& arguments) {
    const std::string command =
        std::string("/usr/bin/python3 ") + HOCKET_PEER_SCRIPT + ' ' + arguments + " 2>/dev/null";
    FILE* pipe = ::popen(command.c_str(), "r");
    std::array<char, 4096> buffer{};
    std::string output;
    while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr)
        output += buffer.data();
    const int status = ::pclose(pipe);
    return status == 0 ? output.substr(0, output.find('\n')) : "";
}

std::string hex_key() {
    return hex_encode(WirePair::psk().expose());
}

TEST(PskId, HasANameAndAVersion) {
    EXPECT_EQ(to_string(parse_psk_id("ops.1").value()), "ops.1");
    EXPECT_EQ(parse_psk_id("a.b.12").value().name, "a.b");
    for (const char* text :
         {"", "ops", "ops.", ".1", "ops.0", "ops.01", "ops.-1", "ops.x", "ops.1 ", "o ps.1"}) {
        EXPECT_FALSE(parse_psk_id(text)) << text;
    }
}

TEST(Psk, NodeVerifiesWhatTheCallerSigns) {
    const WirePair pair;
    const auto signer = pair.node().verify_request(pair.caller().sign_request("{}"), "{}");
    ASSERT_TRUE(signer);
    EXPECT_EQ(signer->caller, "psk=ops");
    EXPECT_EQ(signer->key_id, "ops.1");
}

TEST(Psk, CallerVerifiesWhatTheNodeSignsAndLearnsItsIdentity) {
    const WirePair pair;
    EXPECT_EQ(pair.caller().verify_reply(pair.node().sign_reply(WirePair::signer(), "{}"), "{}").value(),
              "web1.example");
}

TEST(Psk, EveryFlippedByteOfPayloadOrSignatureIsRefused) {
    const WirePair pair;
    const std::string payload = R"({"a":1})";
    const std::string header = pair.caller().sign_request(payload);
    for (std::size_t i = 0; i < payload.size(); ++i) {
        std::string changed = payload;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_FALSE(pair.node().verify_request(header, changed)) << i;
    }
    for (std::size_t i = 0; i < header.size(); ++i) {
        std::string changed = header;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';  // also where it only changes stray bits
        EXPECT_NE(changed, header);
        EXPECT_FALSE(pair.node().verify_request(changed, payload)) << i;
    }
}

TEST(Psk, ANodeCannotAnswerInAnotherNodesName) {
    const WirePair other("web2.example");
    PskNodeKeys impostor("web1.example");  // it holds the keys derived for web2
    impostor.add({"ops", 1}, derive_node_psk(WirePair::psk(), "web2.example"));
    const auto verified = other.caller().verify_reply(impostor.sign_reply(WirePair::signer(), "{}"), "{}");
    ASSERT_FALSE(verified);
    EXPECT_EQ(verified.error().code, ErrorCode::bad_signature);
}

TEST(Psk, ARequestsSignatureIsNoReplys) {
    const WirePair pair;
    EXPECT_FALSE(pair.caller().verify_reply(pair.caller().sign_request("{}"), "{}"));
    EXPECT_FALSE(pair.node().verify_request(pair.node().sign_reply(WirePair::signer(), "{}"), "{}"));
}

TEST(Psk, SeveralVersionsAreValidAtOnceAndAnUnknownOneIsNot) {
    PskNodeKeys node("web1");
    node.add({"ops", 1}, derive_node_psk(WirePair::psk('a'), "web1"));
    node.add({"ops", 2}, derive_node_psk(WirePair::psk('b'), "web1"));
    const PskCallerKeys first({"ops", 1}, WirePair::psk('a'));
    const PskCallerKeys second({"ops", 2}, WirePair::psk('b'));
    const PskCallerKeys third({"ops", 3}, WirePair::psk('a'));
    EXPECT_TRUE(node.verify_request(first.sign_request("{}"), "{}"));
    EXPECT_TRUE(node.verify_request(second.sign_request("{}"), "{}"));
    EXPECT_EQ(node.verify_request(third.sign_request("{}"), "{}").error().code, ErrorCode::unknown_key);
}

TEST(Psk, AlgorithmIsBoundToTheKeysType) {
    const WirePair pair;
    for (const char* algorithm : {"none", "HS512", "hs256", "EdDSA"}) {
        const std::string header = protected_header(algorithm, "ops.1", MessageType::request) + "..";
        EXPECT_EQ(pair.node().verify_request(header, "{}").error().code, ErrorCode::malformed_signature)
            << algorithm;
    }
}

TEST(Psk, PythonJwtVerifiesOurSignature) {
    const WirePair pair;
    const std::string header = pair.caller().sign_request(R"({"a":1})");
    EXPECT_EQ(peer("verify " + hex_key() + " '" + header + "' '{\"a\":1}'"), "hocket-request");
    EXPECT_EQ(peer("verify " + hex_key() + " '" + header + "' '{\"a\":2}'"), "");
}

TEST(Psk, WeVerifyThatOfPythonJwt) {
    const WirePair pair;
    const std::string header = peer("sign " + hex_key() + " ops.1 '{\"a\":1}'");
    ASSERT_NE(header, "") << "python3-jwt did not sign";
    EXPECT_TRUE(pair.node().verify_request(header, R"({"a":1})"));
    EXPECT_FALSE(pair.node().verify_request(header, R"({"a":2})"));
}

TEST(PskFile, IsReadBackAsWritten) {
    const TemporaryFolder folder;
    const crypto::Secret psk = new_psk();
    ASSERT_TRUE(write_psk_file(folder / "ops.1.psk", psk));
    EXPECT_EQ(read_psk_file(folder / "ops.1.psk").value().expose(), psk.expose());
    EXPECT_FALSE(write_psk_file(folder / "ops.1.psk", psk)) << "it must never replace a key";
}

TEST(PskFile, IsNotReadableByOthers) {
    const TemporaryFolder folder;
    ASSERT_TRUE(write_psk_file(folder / "key", new_psk()));
    struct stat status{};
    ::stat((folder / "key").c_str(), &status);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    std::filesystem::permissions(folder / "key", std::filesystem::perms::others_read,
                                 std::filesystem::perm_options::add);
    EXPECT_EQ(read_psk_file(folder / "key").error().code, ErrorCode::invalid_key);
}

TEST(PskFile, RefusesWhatIsNoKey) {
    const TemporaryFolder folder;
    for (const char* content :
         {"", "short", "dG9vIHNob3J0", "not base64url at all, but long enough to be a key!!"}) {
        EXPECT_FALSE(read_psk_file(folder.write("key", content, 0600))) << content;
    }
    EXPECT_FALSE(read_psk_file(folder / "absent"));
}

TEST(PskFile, DerivedKeysAreReadBackAndTheMasterIsNotTakenForThem) {
    const TemporaryFolder folder;
    ASSERT_TRUE(write_node_psk_file(folder / "node", derive_node_psk(WirePair::psk(), "web1")));
    EXPECT_NE(read_psk_file(folder / "node").error().message.find("derived for a node"), std::string::npos);
    EXPECT_EQ(read_node_psk_file(folder / "node").value().reply.expose(),
              derive_node_psk(WirePair::psk(), "web1").reply.expose());
    ASSERT_TRUE(write_psk_file(folder / "master", WirePair::psk()));
    EXPECT_FALSE(read_node_psk_file(folder / "master"));
}

}  // namespace
}  // namespace hocket::wire
