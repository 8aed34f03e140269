#pragma once

namespace hocket {

/// Gives back what only a start, a reload or a busy time needed: free memory of the heap, the stack below the caller, and the
/// pages of code, ours and of the libraries. Code that is executed again comes back from the kernel's cache; a daemon that
/// waits needs half of its pages.
/// Thread: any, while the others go on; the stack is that of the caller.
void give_back_memory();

}  // namespace hocket
