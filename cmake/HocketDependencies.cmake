# Everything comes from the distribution (scripts/install-deps). One imported target for each library.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)

# One source of ours includes each of these. Their shared libraries would cost every start of a program some 1,700 symbols.
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_path(HOCKET_TOMLPLUSPLUS toml++/toml.h REQUIRED)

# Debian keeps several Boost releases side by side; config mode finds the newest one.
find_package(Boost 1.81 REQUIRED CONFIG COMPONENTS headers)

# find_package(cnats) aborts configure on Debian 12: its file names a static library that is not packaged.
pkg_check_modules(NATS REQUIRED IMPORTED_TARGET libnats>=3.4)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)

if(TARGET yaml-cpp::yaml-cpp)
  set(HOCKET_YAML_CPP yaml-cpp::yaml-cpp)
else()
  set(HOCKET_YAML_CPP yaml-cpp)
endif()

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
