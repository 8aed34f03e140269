#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace hocket::test {

/// A nats-server of its own on a free loopback port, gone with this object.
class NatsServer {
public:
    explicit NatsServer(std::vector<std::string> arguments = {});
    NatsServer(const NatsServer&) = delete;
    NatsServer& operator=(const NatsServer&) = delete;
    ~NatsServer() { stop(); }

    std::string url() const { return "nats://127.0.0.1:" + std::to_string(port_); }
    int port() const { return port_; }

    void stop();
    /// On the same port again, with the same arguments or with others.
    void start();
    void start(std::vector<std::string> arguments);

    /// It takes no more bytes until it goes on.
    void pause();
    void go_on();

private:
    TemporaryFolder folder_;
    std::vector<std::string> arguments_;
    int port_ = 0;
    pid_t pid_ = -1;
};

/// A loopback port that nobody listens on at the moment.
int free_port();

}  // namespace hocket::test
