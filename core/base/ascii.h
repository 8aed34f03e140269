#pragma once

// What a character is in ASCII, whatever the locale; a byte of anything else is nothing of it. Any thread.

namespace hocket {

constexpr bool is_lower(char byte) {
    return byte >= 'a' && byte <= 'z';
}
constexpr bool is_upper(char byte) {
    return byte >= 'A' && byte <= 'Z';
}
constexpr bool is_letter(char byte) {
    return is_lower(byte) || is_upper(byte);
}
constexpr bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}
constexpr bool is_octal_digit(char byte) {
    return byte >= '0' && byte <= '7';
}
constexpr bool is_hex_digit(char byte) {
    return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}
constexpr bool is_letter_or_digit(char byte) {
    return is_letter(byte) || is_digit(byte);
}

constexpr char to_lower_ascii(char byte) {
    return is_upper(byte) ? static_cast<char>(byte - 'A' + 'a') : byte;
}
constexpr char to_upper_ascii(char byte) {
    return is_lower(byte) ? static_cast<char>(byte - 'a' + 'A') : byte;
}

}  // namespace hocket
