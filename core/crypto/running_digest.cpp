#include "core/crypto/running_digest.h"

#include <array>

#include "core/base/encoding.h"
#include "core/crypto/openssl.h"

namespace hocket::crypto {

struct RunningDigest::State {
    DigestContext context;
    bool is_good = false;
};

RunningDigest::RunningDigest(Kind kind) : state_(std::make_unique<State>()) {
    state_->context.reset(EVP_MD_CTX_new());
    const EVP_MD* const algorithm = kind == Kind::md5 ? EVP_md5() : EVP_sha256();
    state_->is_good = state_->context && EVP_DigestInit_ex(state_->context.get(), algorithm, nullptr) == 1;
}

RunningDigest::~RunningDigest() = default;

void RunningDigest::add(std::string_view bytes) {
    state_->is_good =
        state_->is_good && EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1;
}

std::string RunningDigest::hexadecimal() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int size = 0;
    if (!state_->is_good || EVP_DigestFinal_ex(state_->context.get(), bytes.data(), &size) != 1) return {};
    state_->is_good = false;
    return hex_encode({reinterpret_cast<const char*>(bytes.data()), size});
}

}  // namespace hocket::crypto
