#include "platform/auth/jws.hpp"

#include <optional>

#include "kernel/json/parse.hpp"
#include "kernel/text.hpp"
#include "platform/auth/base64url.hpp"

namespace baedal::auth {
namespace {

constexpr json::ParseLimits kLimits{.depth_max = 8, .values_max = 512};
constexpr std::size_t kKeyIdBytesMax = 256;

std::unexpected<Refusal> malformed(std::string detail) {
  return refuse("token-malformed", std::move(detail));
}

std::optional<json::Object> object_of(std::string_view part) {
  const auto text = base64url_decode(part);
  if (!text) return std::nullopt;
  auto parsed = json::parse(*text, kLimits);
  if (!parsed) return std::nullopt;
  auto* object = parsed->get<json::Object>();
  if (object == nullptr) return std::nullopt;
  return std::move(*object);
}

/// The text of a member; empty when it is not there; nullopt when it is something else.
std::optional<std::string> text_of(const json::Object& object, std::string_view name) {
  const json::Value* value = object.find(name);
  if (value == nullptr) return std::string{};
  const auto* text = value->get<std::string>();
  return text == nullptr ? std::nullopt : std::optional{*text};
}

/// A token for something else must not open the door ("typ": RFC 8725 section 3.11).
bool is_access_token(std::string_view type) {
  return type.empty() || iequals(type, "JWT") || iequals(type, "at+jwt") ||
         iequals(type, "application/at+jwt");
}

std::expected<void, Refusal> read_header(const json::Object& header, Jws& out) {
  for (const std::string_view name : {"crit", "b64", "zip", "enc"}) {
    if (header.find(name) != nullptr) {
      return malformed("The token's header asks for \"" + std::string{name} + "\".");
    }
  }
  const auto type = text_of(header, "typ");
  if (!type || !is_access_token(*type)) return malformed("The token is no access token.");
  auto algorithm = text_of(header, "alg");
  auto key_id = text_of(header, "kid");
  if (!algorithm || !key_id || key_id->size() > kKeyIdBytesMax) {
    return malformed("The token's header is malformed.");
  }
  out.algorithm = std::move(*algorithm);
  out.key_id = std::move(*key_id);
  return {};
}

}  // namespace

std::expected<Jws, Refusal> Jws::parse(std::string_view token) {
  if (token.size() > kTokenBytesMax) return malformed("The token is too long.");
  const auto first = token.find('.');
  const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return malformed("The token is no signed token of three parts.");
  }
  Jws jws;
  const auto header = object_of(token.substr(0, first));
  if (!header) return malformed("The token's header is malformed.");
  if (auto read = read_header(*header, jws); !read) return std::unexpected(read.error());
  auto claims = object_of(token.substr(first + 1, second - first - 1));
  auto signature = base64url_decode(token.substr(second + 1));
  if (!claims || !signature) return malformed("The token's claims or signature are malformed.");
  if (signature->empty()) return malformed("The token is not signed.");
  jws.claims = std::move(*claims);
  jws.signature = std::move(*signature);
  jws.signed_text = token.substr(0, second);
  return jws;
}

}  // namespace baedal::auth
