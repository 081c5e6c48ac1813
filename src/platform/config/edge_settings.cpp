#include "platform/config/edge_settings.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace baedal::config {
namespace {

std::optional<std::string> check_address(std::string_view value) {
  const std::string address{value};
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) return std::nullopt;
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) return std::nullopt;
  return "is no IPv4 or IPv6 address";
}

std::optional<std::string> check_header_value(std::string_view value) {
  const auto fits = [](char c) { return c >= ' ' && c <= '~'; };
  if (std::ranges::all_of(value, fits)) return std::nullopt;
  return "is no value of a header";
}

constexpr std::array kSettings{
    Setting{.name = "audit.file",
            .max = "4096",
            .unit = "bytes",
            .description =
                "Where a JSON line goes for each request that would change something or was "
                "forbidden: who, what, when, outcome, request and trace. A path, which may be "
                "renamed away while the server runs; `-` for standard output; empty for none. "
                "Commands that change accounts or make a token write there too, for `-` to "
                "standard error."},
    Setting{.name = "process.core-dumps",
            .type = Type::kBoolean,
            .default_value = "false",
            .description = "Whether the server may leave an image of its memory when it crashes, "
                           "and be looked into by a debugger. Secrets lie there."},
    Setting{.name = "security-headers.when",
            .type = Type::kChoice,
            .default_value = "tls",
            .choices = "tls|always|never",
            .description = "Which answers carry the headers below, unless they have one of that "
                           "name themselves: those over TLS, all, none. `always` where TLS ends "
                           "before the gateway."},
    Setting{.name = "security-headers.content-security-policy",
            .default_value = "frame-ancestors 'none'",
            .max = "4096",
            .unit = "bytes",
            .description = "`Content-Security-Policy`; empty leaves it out.",
            .check = check_header_value},
    Setting{.name = "security-headers.content-type-options",
            .default_value = "nosniff",
            .max = "64",
            .unit = "bytes",
            .description = "`X-Content-Type-Options`; empty leaves it out.",
            .check = check_header_value},
    Setting{.name = "security-headers.permissions-policy",
            .default_value = "camera=(), geolocation=(), microphone=(), usb=()",
            .max = "4096",
            .unit = "bytes",
            .description = "`Permissions-Policy`; empty leaves it out.",
            .check = check_header_value},
    Setting{.name = "security-headers.referrer-policy",
            .default_value = "no-referrer",
            .max = "64",
            .unit = "bytes",
            .description = "`Referrer-Policy`; empty leaves it out.",
            .check = check_header_value},
    Setting{.name = "security-headers.strict-transport-security",
            .default_value = "max-age=31536000",
            .max = "256",
            .unit = "bytes",
            .description = "`Strict-Transport-Security`, of answers over TLS (and of all with "
                           "`always`); empty leaves it out.",
            .check = check_header_value},
    Setting{.name = "tls.address",
            .default_value = "127.0.0.1",
            .description = "Address to listen on for TLS; `0.0.0.0` or `::` for all.",
            .check = check_address},
    Setting{.name = "tls.port",
            .type = Type::kInteger,
            .default_value = "8443",
            .min = "0",
            .max = "65535",
            .description = "Port for TLS; 0 lets the system choose. `http.port` stays as it is: "
                           "keep `http.address` inside."},
    Setting{.name = "tls.certificate-file",
            .max = "4096",
            .unit = "bytes",
            .description = "The server's certificate in PEM form, those above it behind it. With "
                           "it and its key the server speaks TLS on `tls.port`."},
    Setting{.name = "tls.key-file",
            .max = "4096",
            .unit = "bytes",
            .description = "The certificate's private key in PEM form, without a password."},
    Setting{.name = "tls.minimum-version",
            .type = Type::kChoice,
            .default_value = "1.2",
            .choices = "1.2|1.3",
            .description = "The oldest TLS that is spoken."},
    Setting{.name = "tls.reload-interval",
            .type = Type::kDuration,
            .default_value = "10s",
            .min = "10ms",
            .max = "1d",
            .description = "How often the files are looked at; changed ones are used for new "
                           "connections, without a restart."},
    Setting{.name = "tls.server-names",
            .type = Type::kList,
            .max = "64",
            .description = "Names clients may ask for; of others the handshake is refused. Empty: "
                           "any."},
};

}  // namespace

std::span<const Setting> edge_settings() { return kSettings; }

}  // namespace baedal::config
