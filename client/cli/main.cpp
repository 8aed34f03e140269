#include <cstdio>
#include <exception>

#include "client/cli/app.h"

int main(int argc, char** argv) {
    try {
        return hocket::cli::run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "hocket: internal error, please report it: %s\n", error.what());
        return 70;
    }
}
