#pragma once

#include <string_view>

#include "core/base/file.h"

namespace hocket::process {

/// What a child finds on its stdin: a sealed file in memory (memfd_create(2)) that holds all of it, to be read from the
/// beginning and not to be written. So it is there at once, however large it is and however slowly it is taken, a program
/// that runs as another user can open /dev/stdin, and a shell, whose `read` takes single bytes out of a pipe so as to
/// leave the rest to others, takes it at a stroke.
///
/// The descriptor closes on exec and is at least k_first_own_descriptor. Errors: io.
Result<FileDescriptor> make_input(std::string_view bytes);

}  // namespace hocket::process
