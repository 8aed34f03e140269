#include "core/base/error_json.h"

#include <nlohmann/json.hpp>

namespace hocket {

Json error_json(const Error& error, int exit_code) {
    Json violations = Json::array();
    for (const Violation& each : error.violations) {
        violations.push_back({{"pointer", each.pointer}, {"rule", each.rule}, {"message", each.message}});
    }
    return {
        {"schema", "io.hocket.error.v1"},
        {"error", {{"code", to_string(error.code)}, {"message", error.message}, {"violations", violations}}},
        {"exit_code", exit_code}};
}

}  // namespace hocket
