#pragma once

namespace hocket::ddl_compiler {

/// For the first lines of a program that compiles: a description becomes a tree of many small blocks, which are freed one after
/// the other. glibc would keep them apart and join them later, when no cache holds them any more, a sixth of the time that
/// a large description takes. This lets it join each at once. Source: mallopt(3), M_MXFAST.
void join_freed_blocks_at_once();

}  // namespace hocket::ddl_compiler
