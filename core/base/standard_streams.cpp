#include "core/base/standard_streams.h"

#include <fcntl.h>
#include <initializer_list>
#include <unistd.h>

namespace hocket {

void occupy_standard_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(stream, F_GETFD) >= 0) continue;
        // The lowest free number is this one: those before it are open by now. It stays open in children, as standard streams do.
        ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
}

}  // namespace hocket
