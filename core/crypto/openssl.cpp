#include "core/crypto/openssl.h"

#include <ctime>

#include "core/base/text.h"

namespace hocket::crypto {

Bio bio_over(std::string_view bytes) {
    return Bio(::BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

std::string bytes_of(BIO* bio) {
    BUF_MEM* memory = nullptr;
    BIO_get_mem_ptr(bio, &memory);
    return memory == nullptr ? "" : std::string(memory->data, memory->length);
}

std::int64_t unix_seconds(const ASN1_TIME* time) {
    std::tm parts{};
    if (::ASN1_TIME_to_tm(time, &parts) != 1) return 0;
    return ::timegm(&parts);
}

std::string name_text(const X509_NAME* name) {
    const Bio bio(::BIO_new(::BIO_s_mem()));
    ::X509_NAME_print_ex(bio.get(), name, 0,
                         XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
    return escape_text(bytes_of(bio.get()));
}

std::string serial_text(const ASN1_INTEGER* serial) {
    const BigNumber number(::ASN1_INTEGER_to_BN(serial, nullptr));
    char* digits = ::BN_bn2hex(number.get());
    std::string text = digits == nullptr ? "" : digits;
    ::OPENSSL_free(digits);
    return text;
}

std::string openssl_reason() {
    const unsigned long code = ::ERR_peek_last_error();
    ::ERR_clear_error();
    const char* reason = code == 0 ? nullptr : ::ERR_reason_error_string(code);
    return reason == nullptr ? "unknown reason" : reason;
}

}  // namespace hocket::crypto
