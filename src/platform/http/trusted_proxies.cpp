#include "platform/http/trusted_proxies.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "kernel/assert.hpp"
#include "kernel/text.hpp"

namespace baedal::http {
namespace {

using Address = std::array<unsigned char, 16>;

/// IPv4 addresses become ::ffff:a.b.c.d, so that one comparison does for both families.
std::optional<Address> parse_address(std::string_view text, bool& is_v4) {
  const std::string terminated{text};
  Address address{};
  is_v4 = inet_pton(AF_INET, terminated.c_str(), address.data() + 12) == 1;
  if (is_v4) {
    address[10] = address[11] = 0xFF;
    return address;
  }
  if (inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) return address;
  return std::nullopt;
}

bool same_prefix(const Address& a, const Address& b, int bits) {
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (std::memcmp(a.data(), b.data(), whole) != 0) return false;
  const int rest = bits % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<unsigned char>(0xFF << (8 - rest));
  return (a[whole] & mask) == (b[whole] & mask);
}

std::string_view first_of(std::string_view list) { return trim(list.substr(0, list.find(','))); }

/// The value of `name` in the first element of a Forwarded header, unquoted.
std::string_view forwarded_parameter(std::string_view element, std::string_view name) {
  while (!element.empty()) {
    const auto semicolon = element.find(';');
    const std::string_view pair = trim(element.substr(0, semicolon));
    element =
        semicolon == std::string_view::npos ? std::string_view{} : element.substr(semicolon + 1);
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || !iequals(trim(pair.substr(0, equals)), name)) continue;
    std::string_view value = trim(pair.substr(equals + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
      value = value.substr(1, value.size() - 2);
    return value;
  }
  return {};
}

bool is_authority(std::string_view text) {
  return !text.empty() && text.size() <= 255 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == ':' || c == '[' || c == ']';
  });
}

bool is_prefix(std::string_view text) {
  return text.starts_with('/') && text.size() <= 255 && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '/' || c == '-' || c == '_' || c == '.' || c == '~';
         });
}

/// "192.0.2.1:5555" → "192.0.2.1", "[2001:db8::1]:5555" → "2001:db8::1"
std::string_view without_port(std::string_view address) {
  if (address.starts_with('[')) return address.substr(1, address.find(']') - 1);
  const auto colon = address.find(':');
  return colon == address.rfind(':') ? address.substr(0, colon) : address;
}

struct Base {
  std::string_view scheme = "http";
  std::string host;
  std::string_view prefix;
};

Base from_x_headers(const Request& request) {
  Base base;
  if (const auto proto = request.header("X-Forwarded-Proto")) base.scheme = first_of(*proto);
  if (const auto host = request.header("X-Forwarded-Host")) base.host = first_of(*host);
  const auto port = request.header("X-Forwarded-Port");
  const auto number = port ? parse_int64(first_of(*port)) : std::nullopt;
  const bool has_port = base.host.rfind(':') != std::string::npos && !base.host.ends_with(']');
  const bool is_default =
      (base.scheme == "http" && number == 80) || (base.scheme == "https" && number == 443);
  if (number && *number > 0 && *number < 65536 && !has_port && !is_default && !base.host.empty()) {
    base.host += ':';
    append_int(base.host, *number);
  }
  if (const auto prefix = request.header("X-Forwarded-Prefix")) {
    base.prefix = first_of(*prefix);
    while (base.prefix.ends_with('/')) base.prefix.remove_suffix(1);
  }
  return base;
}

}  // namespace

bool TrustedProxies::is_network(std::string_view text) {
  bool is_v4 = false;
  const std::size_t slash = std::min(text.find('/'), text.size());
  if (!parse_address(text.substr(0, slash), is_v4)) return false;
  if (slash == text.size()) return true;
  const auto bits = parse_int64(text.substr(slash + 1));
  return bits && *bits >= 0 && *bits <= (is_v4 ? 32 : 128);
}

TrustedProxies::TrustedProxies(const std::vector<std::string>& networks) {
  for (const std::string& text : networks) {
    const auto slash = text.find('/');
    bool is_v4 = false;
    const auto address = parse_address(std::string_view{text}.substr(0, slash), is_v4);
    const auto bits = slash == std::string::npos
                          ? std::optional<std::int64_t>{is_v4 ? 32 : 128}
                          : parse_int64(std::string_view{text}.substr(slash + 1));
    BAEDAL_ASSERT(address.has_value() && bits.has_value());
    networks_.push_back({*address, static_cast<int>(*bits) + (is_v4 ? 96 : 0)});
  }
}

bool TrustedProxies::trusts(std::string_view text) const {
  bool is_v4 = false;
  const auto address = networks_.empty() ? std::nullopt : parse_address(text, is_v4);
  return address && std::ranges::any_of(networks_, [&](const Network& network) {
           return same_prefix(*address, network.bytes, network.bits);
         });
}

std::string_view forwarded_client(const Request& request, const TrustedProxies& proxies) {
  std::string_view client;
  for (auto header = request.headers.rbegin(); header != request.headers.rend(); ++header) {
    if (!iequals(header->name, "X-Forwarded-For")) continue;
    std::string_view list = header->value;
    while (!list.empty()) {
      const auto comma = list.rfind(',');
      const auto from = comma == std::string_view::npos ? 0 : comma + 1;
      const std::string_view address = without_port(trim(list.substr(from)));
      list = list.substr(0, from == 0 ? 0 : comma);
      if (address.empty()) continue;
      client = address;
      if (!proxies.trusts(address)) return client;
    }
  }
  return client;
}

std::string forwarded_base(const Request& request, std::string otherwise) {
  Base base;
  if (const auto forwarded = request.header("Forwarded")) {
    const std::string_view element = first_of(*forwarded);
    const std::string_view proto = forwarded_parameter(element, "proto");
    if (!proto.empty()) base.scheme = proto;
    base.host = forwarded_parameter(element, "host");
  } else {
    base = from_x_headers(request);
  }
  if (base.host.empty()) return otherwise;
  const bool good = (iequals(base.scheme, "http") || iequals(base.scheme, "https")) &&
                    is_authority(base.host) && (base.prefix.empty() || is_prefix(base.prefix));
  if (!good) return otherwise;
  return (iequals(base.scheme, "https") ? "https://" : "http://") + base.host +
         std::string{base.prefix};
}

Task<Response> ForwardedFilter::handle(Request& request) {
  if (proxies_.trusts(request.peer)) {
    request.link_base = forwarded_base(request, std::move(request.link_base));
    request.forwarded_for = forwarded_client(request, proxies_);
  }
  return inner_.handle(request);
}

}  // namespace baedal::http
