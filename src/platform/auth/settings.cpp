#include "platform/auth/settings.hpp"

#include <array>

namespace baedal::auth {
namespace {

using config::Setting;
using config::Type;

constexpr std::array kSettings{
    Setting{.name = "profile",
            .type = Type::kChoice,
            .default_value = "standard",
            .choices = "standard|dev",
            .description = "`dev`, for trying out on one machine: everybody may do everything, and "
                           "`http.address` must be a loopback address."},
    Setting{
        .name = "auth.mode",
        .type = Type::kChoice,
        .default_value = "required",
        .choices = "required|open-inside",
        .description =
            "`required`: who calls says with a token who they are. `open-inside`: everybody may "
            "do everything; refused while this process would listen on a public address."},
    Setting{.name = "auth.issuer",
            .max = "1024",
            .description = "Who makes the tokens, to the letter as their `iss` says."},
    Setting{.name = "auth.audience",
            .default_value = "baedal",
            .min = "1",
            .max = "1024",
            .description = "What the tokens must be for: one of their `aud`."},
    Setting{
        .name = "auth.jwks",
        .max = "4096",
        .description =
            "The issuer's public keys, a JSON Web Key Set: a file, read again when it changes, "
            "or an `https://` or `http://` URL, asked every `auth.jwks-period`. RS256, ES256 and "
            "EdDSA."},
    Setting{.name = "auth.jwks-ca-file",
            .max = "4096",
            .description = "Certificates in PEM, one of which must vouch for the server of an "
                           "`https://` `auth.jwks`; empty: those that the system trusts."},
    Setting{.name = "auth.jwks-period",
            .type = Type::kDuration,
            .default_value = "5m",
            .min = "1s",
            .max = "24h",
            .description = "How often the keys behind a URL are asked for; also soon after a token "
                           "names a key that is not among them."},
    Setting{.name = "auth.leeway",
            .type = Type::kDuration,
            .default_value = "30s",
            .min = "0s",
            .max = "5m",
            .description = "How far the issuer's clock and this one may be apart."},
    Setting{.name = "auth.roles-claim",
            .default_value = "roles",
            .min = "1",
            .max = "256",
            .description = "The claim with the caller's roles, as `roles` or, below another, "
                           "`realm_access.roles`."},
    Setting{.name = "auth.tokens-remembered-max",
            .type = Type::kInteger,
            .default_value = "4096",
            .min = "2",
            .max = "1000000",
            .unit = "tokens",
            .description = "Tokens found good that need not be checked again while they hold."},
    Setting{
        .name = "auth.issuer-key",
        .max = "4096",
        .description =
            "An Ed25519 private key, in PEM, of this installation's own issuer: its tokens, made "
            "by `baedal token` and by logins, are taken beside those of `auth.issuer`.",
        .secret = true},
    Setting{.name = "auth.service-key",
            .max = "4096",
            .description =
                "The Ed25519 private key, in PEM, that the services of this installation share: "
                "with it they say to each other who they are.",
            .secret = true},
    Setting{.name = "auth.token",
            .max = "8192",
            .description = "The token that the commands which ask a running server send.",
            .secret = true},
};

}  // namespace

std::span<const Setting> settings() { return kSettings; }

}  // namespace baedal::auth
