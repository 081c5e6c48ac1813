#include "services/gateway/outbound/forwarded_headers.hpp"

#include <algorithm>

#include "kernel/text.hpp"

namespace baedal::gateway {
namespace {

constexpr std::string_view kFor = "X-Forwarded-For";
constexpr std::string_view kForwarded = "Forwarded";

bool is_forwarding(std::string_view name) {
  constexpr std::string_view kPrefix = "X-Forwarded-";
  if (name.size() == kForwarded.size()) return iequals(name, kForwarded);
  return name.size() > kPrefix.size() && iequals(name.substr(0, kPrefix.size()), kPrefix);
}

/// "http://host:8080/shop" taken apart.
struct Base {
  explicit Base(std::string_view base) {
    const std::size_t end = std::min(base.find("://"), base.size());
    scheme = base.substr(0, end);
    base.remove_prefix(std::min(end + 3, base.size()));
    authority = base.substr(0, base.find('/'));
    prefix = base.substr(authority.size());
    const std::size_t colon = authority.rfind(':');
    const bool has_port =
        colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
    port = has_port ? authority.substr(colon + 1) : scheme == "https" ? "443" : "80";
  }
  std::string_view scheme, authority, port, prefix;
};

void append_address(std::string& out, std::string_view address) {
  const bool v6 = address.find(':') != std::string_view::npos;
  out += v6 ? "\"[" : "";
  out += address;
  out += v6 ? "]\"" : "";
}

}  // namespace

ForwardedHeaders::ForwardedHeaders(const http::Request& request, std::string_view prefix,
                                   bool trusted) {
  const Base base{request.link_base};
  if (trusted) {
    for_ = request.header_list(kFor).value_or("");
    forwarded_ = request.header_list(kForwarded).value_or("");
    if (!for_.empty()) for_ += ", ";
    if (!forwarded_.empty()) forwarded_ += ", ";
  }
  for_ += request.peer;
  forwarded_.append("proto=").append(base.scheme).append(";host=\"").append(base.authority);
  forwarded_ += "\";for=";
  append_address(forwarded_, request.peer);
  prefix_.append(base.prefix).append(prefix);
  headers_.reserve(request.headers.size() + 6);
  for (const http::HeaderView& header : request.headers) {
    if (!is_forwarding(header.name)) headers_.push_back(header);
  }
  headers_.push_back({kFor, for_});
  headers_.push_back({"X-Forwarded-Proto", base.scheme});
  headers_.push_back({"X-Forwarded-Host", base.authority});
  headers_.push_back({"X-Forwarded-Port", base.port});
  if (!prefix_.empty()) headers_.push_back({"X-Forwarded-Prefix", prefix_});
  headers_.push_back({kForwarded, forwarded_});
}

}  // namespace baedal::gateway
