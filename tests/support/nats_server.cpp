#include "tests/support/nats_server.h"

#include <arpa/inet.h>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace hocket::test {

namespace {

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
}

bool accepts_connections(int port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    const bool connected =
        ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(socket);
    return connected;
}

}  // namespace

int free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length);
    ::close(socket);
    return ntohs(address.sin_port);
}

NatsServer::NatsServer(std::vector<std::string> arguments)
    : arguments_(std::move(arguments)), port_(free_port()) {
    start();
}

void NatsServer::start() {
    std::vector<std::string> words = {
        "nats-server", "-a", "127.0.0.1", "-p", std::to_string(port_), "-l", (folder_ / "nats.log").string()};
    words.insert(words.end(), arguments_.begin(), arguments_.end());
    std::vector<char*> argv;
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    const auto spawn = [&](const char* program) {
        return ::posix_spawnp(&pid_, program, nullptr, nullptr, argv.data(), environ) == 0;
    };
    // Debian's is not on the PATH of users.
    if (!spawn("nats-server") && !spawn("/usr/sbin/nats-server")) {
        throw std::runtime_error("nats-server cannot be started; run scripts/install-deps");
    }
    for (int tries = 0; tries < 1000 && !accepts_connections(port_); ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

void NatsServer::start(std::vector<std::string> arguments) {
    arguments_ = std::move(arguments);
    start();
}

void NatsServer::stop() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

void NatsServer::pause() {
    ::kill(pid_, SIGSTOP);
    ::waitpid(pid_, nullptr, WUNTRACED);
}

void NatsServer::go_on() {
    ::kill(pid_, SIGCONT);
}

}  // namespace hocket::test
