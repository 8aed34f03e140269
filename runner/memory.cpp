#include "runner/memory.h"

#include <cstdint>
#include <link.h>
#include <malloc.h>
#include <pthread.h>
#include <span>
#include <sys/mman.h>
#include <unistd.h>

namespace hocket {

namespace {

// The frames of what we call are below ours.
constexpr std::uintptr_t k_stack_in_use = 16384;

std::uintptr_t page_bytes() {
    static const auto bytes = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    return bytes;
}

/// Whole pages; also where not all of it is mapped, as at the low end of a stack.
void give_back(std::uintptr_t begin, std::uintptr_t end) {
    begin = begin / page_bytes() * page_bytes();
    if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

/// Only what can be read anew: a segment that can be written has contents of its own.
int give_back_code(dl_phdr_info* object, std::size_t, void*) {
    const auto has_fixed_code = [](const auto& segment) {
        return segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0 && (segment.p_flags & PF_W) == 0;
    };
    for (const auto& segment : std::span(object->dlpi_phdr, object->dlpi_phnum)) {
        if (!has_fixed_code(segment)) continue;
        const std::uintptr_t begin = object->dlpi_addr + segment.p_vaddr;
        give_back(begin, begin + segment.p_memsz);
    }
    return 0;
}

void give_back_stack() {
    pthread_attr_t attributes;
    if (::pthread_getattr_np(::pthread_self(), &attributes) != 0) return;
    void* lowest = nullptr;
    std::size_t size = 0;
    const bool is_known = ::pthread_attr_getstack(&attributes, &lowest, &size) == 0;
    ::pthread_attr_destroy(&attributes);
    if (!is_known) return;
    const auto frame = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    give_back(reinterpret_cast<std::uintptr_t>(lowest),
              (frame - k_stack_in_use) / page_bytes() * page_bytes());
}

}  // namespace

void give_back_memory() {
    ::dl_iterate_phdr(give_back_code, nullptr);
    give_back_stack();
    ::malloc_trim(0);
}

}  // namespace hocket
