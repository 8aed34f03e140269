#include "ddl-compiler/front_end.h"

namespace hocket::ddl_compiler {

Result<ddl::Loaded> read_description(const std::filesystem::path& path) {
    if (path.extension() == ".ddl") {
        return Error{ErrorCode::invalid_ddl,
                     path.string() +
                         ": MCollective's Ruby descriptions cannot be read yet; Choria ships each one as "
                         "JSON too",
                     {}};
    }
    return ddl::read_file(path);
}

}  // namespace hocket::ddl_compiler
