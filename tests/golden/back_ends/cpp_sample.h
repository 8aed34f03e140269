// Made by hocketc from the description of the agent 'archive'. Changes to this file are lost.
#pragma once

#include <chrono>
#include <cstdint>
#include <hocket/client.h>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

/// Keeps copies of folders.
///
/// Each copy is one compressed file; the oldest ones are removed when there are more than the caller wants to
/// keep, so that the disk does not fill.
namespace hocket::agents::archive {

inline constexpr std::string_view k_agent = "archive";
inline constexpr std::string_view k_version = "2.1.0";
inline constexpr std::string_view k_ddl_digest =
    "3cfb90706ed75c658970de29bf3fe72a001df7adf2f3bb7be0e6c874b51c11d1";

/// Makes a copy of a folder
struct MakeCopy {
    static constexpr client::ActionTraits k_action = {
        .agent = k_agent,
        .action = "make_copy",
        .ddl_digest = k_ddl_digest,
        .timeout = std::chrono::seconds(600),
        .safety = ddl::Safety::changes,
        .noop = true,
        .idempotent = false,
        .has_sensitive_fields = true,
    };

    enum class Format {
        gzip,
        zstd,
        n7z,
        none,
    };
    friend constexpr std::string_view to_string(Format value) {
        switch (value) {
            case Format::gzip: return "gzip";
            case Format::zstd: return "zstd";
            case Format::n7z: return "7z";
            case Format::none: return "none";
        }
        return {};
    }

    struct Inputs {
        /// What is copied
        /// (text that matches ^/[a-z/]+$; at most 200 characters)
        std::string folder;
        /// How it is compressed
        Format format;
        /// Names to leave out
        /// (array)
        Json exclude = {};
        /// How many copies stay
        /// (default: 7)
        std::optional<std::int64_t> keep = {};
        /// Kept beside the copy
        /// (hash)
        Json labels = {};
        /// From fast to small
        /// (one of 1, 9, best)
        Json level = {};
        /// Of the speed in MB per second
        std::optional<client::Number> limit = {};
        /// Encrypts the copy
        /// (at most 64 characters; sensitive)
        std::optional<std::string> password = {};
        /// Give up above it
        std::optional<double> ratio = {};
        /// Read it again
        /// (default: true)
        std::optional<bool> verify = {};
    };

    struct Outputs {
        /// Its size
        std::optional<std::int64_t> bytes = {};
        /// Where the copy is
        std::optional<std::string> file = {};
        /// Tells the key
        /// (sensitive)
        std::optional<std::string> fingerprint = {};
        /// As they were given
        /// (hash)
        Json labels = {};
        /// Anything else
        /// (any type)
        Json note = {};
        /// Of the folder's size
        std::optional<double> ratio = {};
        /// Files that were removed
        /// (array)
        Json removed = {};
        /// In MB per second
        std::optional<client::Number> speed = {};
        /// Whether it was read again
        std::optional<bool> verified = {};
    };

    static constexpr std::tuple k_inputs{
        client::Field{"folder", &Inputs::folder},
        client::Field{"format", &Inputs::format},
        client::Field{"exclude", &Inputs::exclude, ddl::Type::array},
        client::Field{"keep", &Inputs::keep},
        client::Field{"labels", &Inputs::labels, ddl::Type::hash},
        client::Field{"level", &Inputs::level},
        client::Field{"limit", &Inputs::limit},
        client::Field{"password", &Inputs::password},
        client::Field{"ratio", &Inputs::ratio},
        client::Field{"verify", &Inputs::verify},
    };
    static constexpr std::tuple k_outputs{
        client::Field{"bytes", &Outputs::bytes},
        client::Field{"file", &Outputs::file},
        client::Field{"fingerprint", &Outputs::fingerprint},
        client::Field{"labels", &Outputs::labels, ddl::Type::hash},
        client::Field{"note", &Outputs::note},
        client::Field{"ratio", &Outputs::ratio},
        client::Field{"removed", &Outputs::removed, ddl::Type::array},
        client::Field{"speed", &Outputs::speed},
        client::Field{"verified", &Outputs::verified},
    };
};

/// Removes every copy
struct Prune {
    static constexpr client::ActionTraits k_action = {
        .agent = k_agent,
        .action = "prune",
        .ddl_digest = k_ddl_digest,
        .timeout = std::chrono::seconds(30),
        .safety = ddl::Safety::destructive,
        .noop = false,
        .idempotent = true,
        .has_sensitive_fields = false,
    };

    struct Inputs {};

    struct Outputs {};

    static constexpr std::tuple k_inputs{};
    static constexpr std::tuple k_outputs{};
};

}  // namespace hocket::agents::archive
