#pragma once

#include <string>
#include <string_view>

namespace hocket::crypto {

/// Key material: wiped when destroyed, and without any way to be printed. Move-only.
class Secret {
public:
    explicit Secret(std::string bytes) : bytes_(std::move(bytes)) {}
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    ~Secret() { wipe(); }

    /// For the functions of core/crypto and the writers of key files.
    std::string_view expose() const { return bytes_; }

private:
    void wipe();

    std::string bytes_;
};

}  // namespace hocket::crypto
