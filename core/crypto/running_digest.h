#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace hocket::crypto {

/// A digest of what comes in parts. MD5 is for comparing with what others have noted, never for trust.
class RunningDigest {
public:
    enum class Kind { md5, sha256 };

    explicit RunningDigest(Kind kind);
    ~RunningDigest();
    RunningDigest(const RunningDigest&) = delete;
    RunningDigest& operator=(const RunningDigest&) = delete;

    void add(std::string_view bytes);

    /// Lower-case hexadecimal digits, once; empty when a policy of the machine forbids the kind.
    std::string hexadecimal();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace hocket::crypto
