#include "services/gateway/outbound/forwarded_headers.hpp"

#include <algorithm>

#include "kernel/text.hpp"
#include "platform/http/answer_writer.hpp"

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

}  // namespace

bool ForwardedHeaders::replaces(std::string_view name) const { return is_forwarding(name); }

/// What a trusted proxy has told of those before it.
void ForwardedHeaders::append_earlier(std::string& out, std::string_view name) const {
  if (!trusted_) return;
  std::string list = request_.header_list(name).value_or("");
  // A filter may have written it, from configuration.
  std::ranges::replace_if(list, http::is_line_end, ' ');
  if (!list.empty()) out.append(list).append(", ");
}

/// Scheme, authority and prefix are those of the request's base, which the server, or the filter of
/// trusted proxies, has found to be well formed; so line ends cannot be in what is written here.
void ForwardedHeaders::append_to(std::string& out) const {
  const Base base{request_.link_base};
  http::append_all(out, {kFor, ": "});
  append_earlier(out, kFor);
  http::append_all(
      out, {request_.peer, "\r\nX-Forwarded-Proto: ", base.scheme,
            "\r\nX-Forwarded-Host: ", base.authority, "\r\nX-Forwarded-Port: ", base.port, "\r\n"});
  if (!base.prefix.empty() || !prefix_.empty()) {
    http::append_header(out, "X-Forwarded-Prefix", std::string{base.prefix}.append(prefix_));
  }
  http::append_all(out, {kForwarded, ": "});
  append_earlier(out, kForwarded);
  const bool v6 = request_.peer.find(':') != std::string_view::npos;
  http::append_all(out, {"proto=", base.scheme, ";host=\"", base.authority,
                         "\";for=", v6 ? "\"[" : "", request_.peer, v6 ? "]\"\r\n" : "\r\n"});
}

}  // namespace baedal::gateway
