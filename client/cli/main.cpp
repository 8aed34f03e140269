#include <cstdio>
#include <exception>
#include <string>
#include <utility>

#include "client/cli/app.h"
#include "client/cli/sibling.h"
#include "core/base/standard_streams.h"
#include "core/crypto/openssl_at_exit.h"

int main(int argc, char** argv) {
    hocket::occupy_standard_streams();
    hocket::crypto::keep_openssl_at_exit();
    if (std::string program = hocket::cli::sibling_of(argc > 1 ? argv[1] : ""); !program.empty())
        return hocket::cli::become(std::move(program), argv + 1);
    try {
        return hocket::cli::run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "hocket: internal error, please report it: %s\n", error.what());
        return 70;
    }
}
