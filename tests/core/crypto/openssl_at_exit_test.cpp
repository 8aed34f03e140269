#include "core/crypto/openssl_at_exit.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hocket::crypto {
namespace {

/// Named so that it runs first: the child needs an OpenSSL that nobody has used.
TEST(OpensslAtExitDeathTest, WhatRunsAtTheVeryEndCanStillUseOpenssl) {
    const pid_t child = ::fork();
    if (child == 0) {
        // What is registered first runs last, after what OpenSSL would have registered.
        std::atexit([] { ::_exit(EVP_MD_fetch(nullptr, "SHA256", nullptr) != nullptr ? 0 : 1); });
        keep_openssl_at_exit();
        EVP_MD_free(EVP_MD_fetch(nullptr, "SHA256", nullptr));
        std::exit(2);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace hocket::crypto
