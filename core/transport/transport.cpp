#include "core/transport/transport.h"

namespace hocket::transport {

std::string_view to_string(ConnectionState state) {
    switch (state) {
        case ConnectionState::connecting: return "connecting";
        case ConnectionState::connected: return "connected";
        case ConnectionState::disconnected: return "disconnected";
    }
    return "disconnected";
}

}  // namespace hocket::transport
