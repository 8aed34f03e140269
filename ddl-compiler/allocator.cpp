#include "ddl-compiler/allocator.h"

#include <malloc.h>

namespace hocket::ddl_compiler {

void join_freed_blocks_at_once() {
    ::mallopt(M_MXFAST, 0);
}

}  // namespace hocket::ddl_compiler
