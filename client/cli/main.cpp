#include <cstdio>
#include <cstring>
#include <exception>

#include "client/cli/app.h"
#include "client/cli/workbench.h"

int main(int argc, char** argv) {
    if (argc > 1 && std::strcmp(argv[1], "agent") == 0) return hocket::cli::become_workbench(argv + 1);
    try {
        return hocket::cli::run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "hocket: internal error, please report it: %s\n", error.what());
        return 70;
    }
}
