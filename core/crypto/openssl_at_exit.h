#pragma once

namespace hocket::crypto {

/// OpenSSL is not cleared away when the process exits: the kernel takes its memory anyway. Otherwise exit() clears it away
/// while a thread of cnats may still be freeing the TLS of a connection that was closed, and the process that has done all its
/// work crashes. For the first lines of a program: it does nothing once OpenSSL was used. Thread: any.
/// Source: OPENSSL_init_crypto(3), OPENSSL_INIT_NO_ATEXIT.
void keep_openssl_at_exit();

}  // namespace hocket::crypto
