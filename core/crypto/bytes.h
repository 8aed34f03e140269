#pragma once

#include <string>
#include <string_view>

namespace hocket::crypto {

/// As the C libraries take them, for the sources of this folder only.
inline unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

inline const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace hocket::crypto
