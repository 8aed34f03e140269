#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace hocket::cli {

struct PskNewCommand {
    std::string name;
    int version = 1;
    std::filesystem::path output;  ///< empty: a file NAME.VERSION.psk in `folder`
    std::filesystem::path folder;
};

struct PskDeriveCommand {
    std::filesystem::path psk_file;
    std::string id;
    std::string identity;
    std::filesystem::path output;
};

/// Spans are in days, and may be parts of one.
inline constexpr double k_ca_days = 3650;
inline constexpr double k_certificate_days = 397;
inline constexpr double k_crl_days = 30;

struct CaInitCommand {
    std::filesystem::path folder;
    std::string name;  ///< empty: "Hocket " and the folder's name
    std::string key_type = "ed25519";
    double days = k_ca_days;
    double crl_days = k_crl_days;
};

/// For one of a caller, a node and a broker.
struct CertIssueCommand {
    std::filesystem::path ca;
    std::string caller;
    std::string node;
    std::vector<std::string> broker;
    std::filesystem::path folder;
    std::string key_type = "ed25519";
    double days = k_certificate_days;
};

struct CertRenewCommand {
    std::filesystem::path file;
    std::filesystem::path ca;
    double days = k_certificate_days;
};

struct CertShowCommand {
    std::filesystem::path file;
};

struct CertRevokeCommand {
    std::string certificate;  ///< a file, or a serial number
    std::filesystem::path ca;
    double crl_days = k_crl_days;
};

struct CrlCommand {
    std::filesystem::path ca;
    double days = k_crl_days;
};

/// `hocket keys …`: needs no broker and no configuration.
using KeysCommand = std::variant<PskNewCommand, PskDeriveCommand, CaInitCommand, CertIssueCommand,
                                 CertRenewCommand, CertShowCommand, CertRevokeCommand, CrlCommand>;

}  // namespace hocket::cli
