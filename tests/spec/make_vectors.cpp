// Writes spec/vectors anew: make_vectors FOLDER. Every private key but the public test key is thrown away.

#include <filesystem>
#include <fstream>
#include <iostream>

#include "core/base/encoding.h"
#include "tests/spec/vector_cast.h"

namespace hocket::test {
namespace {

class Folder {
public:
    explicit Folder(std::filesystem::path path) : path_(std::move(path)) {
        std::filesystem::create_directories(path_ / "certificates");
    }
    void write(const std::string& name, const std::string& content) const {
        std::ofstream(path_ / name) << content;
    }
    void write(const std::string& name, const Json& json) const { write(name, json.dump(1) + '\n'); }

private:
    std::filesystem::path path_;
};

Json keys_document(const Cast& cast) {
    const auto file = [](const char* name) { return std::string("certificates/") + name; };
    return {{"psk",
             {{"id", "ops.1"},
              {"key", base64url_encode(test_psk().expose())},
              {"request_key_hex", hex_encode(cast.derived.request.expose())},
              {"reply_keys_hex", {{k_identity, hex_encode(cast.derived.reply.expose())}}}}},
            {"identity", k_identity},
            {"max_skew_ms", 10'000},
            {"nodes",
             {{"usual",
               {{"caller_ca", file("callers-ca.pem")},
                {"caller_crl", file("callers-crl.pem")},
                {"allow", Json::array()}}},
              {"stale_crl",
               {{"caller_ca", file("callers-ca.pem")},
                {"caller_crl", file("callers-crl-stale.pem")},
                {"allow", Json::array()}}},
              {"foreign_crl",
               {{"caller_ca", file("callers-ca.pem")},
                {"caller_crl", file("foreign-crl.pem")},
                {"allow", Json::array()}}},
              {"one_ca",
               {{"caller_ca", file("nodes-ca.pem")},
                {"caller_crl", file("nodes-crl.pem")},
                {"allow", {"ana"}}}}}},
            {"callers",
             {{"usual", {{"node_ca", file("nodes-ca.pem")}, {"node_crl", file("nodes-crl.pem")}}},
              {"stale_crl", {{"node_ca", file("nodes-ca.pem")}, {"node_crl", file("nodes-crl-stale.pem")}}},
              {"foreign_crl", {{"node_ca", file("nodes-ca.pem")}, {"node_crl", file("foreign-crl.pem")}}}}}};
}

void make(const std::filesystem::path& path) {
    const Cast cast;
    const Folder folder(path);
    folder.write("certificates/callers-ca.pem", cast.callers.certificate().to_pem());
    folder.write("certificates/nodes-ca.pem", cast.nodes.certificate().to_pem());
    folder.write("certificates/callers-crl.pem",
                 cast.callers.crl({cast.revoked.certificate.serial()}) + cast.between.crl({}));
    folder.write("certificates/callers-crl-stale.pem", cast.callers.crl({}, k_now_ms - 2 * k_day_ms));
    folder.write("certificates/nodes-crl.pem", cast.nodes.crl({cast.revoked_node.certificate.serial()}));
    folder.write("certificates/nodes-crl-stale.pem", cast.nodes.crl({}, k_now_ms - 2 * k_day_ms));
    folder.write("certificates/foreign-crl.pem", cast.foreign.crl({}));
    folder.write("keys.json", keys_document(cast));
    folder.write("requests.json", request_vectors(cast));
    folder.write("replies.json", reply_vectors(cast));
}

}  // namespace
}  // namespace hocket::test

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: make_vectors FOLDER\n";
        return 64;
    }
    hocket::test::make(argv[1]);
}
