#include "runner/node/os_facts.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/runner/node/tree.h"

namespace hocket::node {
namespace {

std::string os_of(const Tree& tree) {
    return dump_json(os_facts(MachineFiles(tree.root())));
}

std::string os_of(std::string_view os_release) {
    Tree tree;
    tree.write("etc/os-release", os_release);
    return os_of(tree);
}

TEST(OsFacts, Debian) {
    Tree tree;
    tree.write("etc/debian_version", "12.5\n");
    tree.write("etc/os-release", R"os(PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
)os");
    EXPECT_EQ(os_of(tree), R"({"codename":"bookworm","family":"Debian","id":"debian","name":"Debian",)"
                           R"("release":{"full":"12.5","major":"12"}})");
}

TEST(OsFacts, DebianTestingHasNoNumberOfItsOwn) {
    Tree tree;
    tree.write("etc/debian_version", "trixie/sid\n");
    tree.write("etc/os-release", "NAME=\"Debian GNU/Linux\"\nVERSION_CODENAME=trixie\nID=debian\n");
    EXPECT_EQ(os_of(tree), R"({"codename":"trixie","family":"Debian","id":"debian","name":"Debian"})");
}

TEST(OsFacts, UbuntuKeepsItsOwnReleaseBesideDebianVersion) {
    Tree tree;
    tree.write("etc/debian_version", "bookworm/sid\n");
    tree.write("etc/os-release", R"os(PRETTY_NAME="Ubuntu 22.04.4 LTS"
NAME="Ubuntu"
VERSION_ID="22.04"
VERSION="22.04.4 LTS (Jammy Jellyfish)"
VERSION_CODENAME=jammy
ID=ubuntu
ID_LIKE=debian
UBUNTU_CODENAME=jammy
)os");
    EXPECT_EQ(os_of(tree), R"({"codename":"jammy","family":"Debian","id":"ubuntu","name":"Ubuntu",)"
                           R"("release":{"full":"22.04","major":"22"}})");
}

TEST(OsFacts, RockyHasItsCodenameInParentheses) {
    const char* os_release = R"os(NAME="Rocky Linux"
VERSION="9.3 (Blue Onyx)"
ID="rocky"
ID_LIKE="rhel centos fedora"
VERSION_ID="9.3"
)os";
    EXPECT_EQ(os_of(os_release), R"({"codename":"Blue Onyx","family":"RedHat","id":"rocky","name":"Rocky",)"
                                 R"("release":{"full":"9.3","major":"9"}})");
}

TEST(OsFacts, AlpineHasNoCodename) {
    const char* os_release = R"os(NAME="Alpine Linux"
ID=alpine
VERSION_ID=3.19.1
PRETTY_NAME="Alpine Linux v3.19"
)os";
    EXPECT_EQ(os_of(os_release),
              R"({"family":"Alpine","id":"alpine","name":"Alpine","release":{"full":"3.19.1","major":"3"}})");
}

TEST(OsFacts, UnknownSystemTakesItsFamilyFromItsRelatives) {
    EXPECT_EQ(os_of("NAME='Example OS'\nID=example\nID_LIKE=\"other suse\"\n"),
              R"({"family":"Suse","id":"example","name":"Example OS"})");
}

TEST(OsFacts, UnknownSystemIsItsOwnFamily) {
    EXPECT_EQ(os_of("NAME=NixOS\nID=nixos\n"), R"({"family":"NixOS","id":"nixos","name":"NixOS"})");
    EXPECT_EQ(os_of("# nothing\n\ngarbage\n"), R"({"family":"Linux","name":"Linux"})");
}

TEST(OsFacts, QuotesAreThoseOfTheShell) {
    EXPECT_EQ(os_of(R"(NAME="A \"B\" \$C")"), R"({"family":"A \"B\" $C","name":"A \"B\" $C"})");
    EXPECT_EQ(os_of(R"(NAME='A\B')"), R"({"family":"A\\B","name":"A\\B"})");
    EXPECT_EQ(os_of(R"(NAME="A)"), R"({"family":"\"A","name":"\"A"})");
}

TEST(OsFacts, FallsBackToUsrLib) {
    Tree tree;
    tree.write("usr/lib/os-release", "ID=alpine\n");
    EXPECT_EQ(os_of(tree), R"({"family":"Alpine","id":"alpine","name":"Alpine"})");
}

}  // namespace
}  // namespace hocket::node
