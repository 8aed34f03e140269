#include "ddl-compiler/back_end.h"

#include "core/ddl/writer.h"

namespace hocket::ddl_compiler {

std::string emit(const ddl::Agent& agent, Target target) {
    switch (target) {
        case Target::json: return ddl::canonical_json(agent) + "\n";
    }
    return {};
}

}  // namespace hocket::ddl_compiler
