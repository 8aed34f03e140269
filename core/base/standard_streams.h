#pragma once

namespace hocket {

/// For the first line of a main(). Who is started with a closed descriptor 0, 1 or 2 (`>&-`) gets the next file that it opens
/// there, and what is meant for the terminal goes into a connection, a journal or a key. This puts /dev/null there, opened so
/// that the use that is meant still fails with EBADF. It does nothing to a descriptor that is open. (glibc does so for setuid
/// programs: csu/check_fds.c.) No other thread may open files meanwhile.
void occupy_standard_streams();

}  // namespace hocket
