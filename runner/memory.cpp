#include "runner/memory.h"

#include <cstdint>
#include <link.h>
#include <malloc.h>
#include <span>
#include <sys/mman.h>
#include <unistd.h>

namespace hocket {

namespace {

/// Only what can be read anew: a segment that can be written has contents of its own.
int give_back_code(dl_phdr_info* object, std::size_t, void*) {
    static const auto page_bytes = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto has_fixed_code = [](const auto& segment) {
        return segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0 && (segment.p_flags & PF_W) == 0;
    };
    for (const auto& segment : std::span(object->dlpi_phdr, object->dlpi_phnum)) {
        if (!has_fixed_code(segment)) continue;
        const std::uintptr_t begin = (object->dlpi_addr + segment.p_vaddr) / page_bytes * page_bytes;
        const std::uintptr_t end = object->dlpi_addr + segment.p_vaddr + segment.p_memsz;
        ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
    }
    return 0;
}

}  // namespace

void give_back_memory() {
    ::dl_iterate_phdr(give_back_code, nullptr);
    ::malloc_trim(0);
}

}  // namespace hocket
