#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/tracing/trace_context.hpp"

namespace baedal::auth {
struct Principal;
}

namespace baedal::http {

enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };

[[nodiscard]] std::string_view to_string(Method method);

struct HeaderView {
  std::string_view name;
  std::string_view value;
};

class BodyStream;

/// A request as handlers see it. Views point into the connection's buffers and are valid until the
/// response has been handed back. Header names compare without case.
struct Request {
  Method method = Method::kGet;
  std::string_view method_text;  ///< as sent, for kOther
  std::string_view target;       ///< "/orders?page=1", see plain_form(); as sent when refused
  std::string_view path;         ///< "/orders", percent-encoded where it must be
  std::string_view query;        ///< "page=1", without '?'
  std::vector<HeaderView> headers;
  std::string_view body;
  /// A body that is still coming, of a server that streams them (ServerLimits); then `body` is
  /// empty. Read it before the response is handed back, or while that one's own stream is read.
  std::shared_ptr<BodyStream> stream;
  std::optional<std::uint64_t> stream_length;  ///< of `stream`, when known
  std::string_view peer;                       ///< textual address of the other side
  /// The address of the client as trusted proxies forwarded it; empty: the peer is the client.
  std::string_view forwarded_for;
  /// Scheme and authority for links, without a trailing slash: "http://localhost:8080". Set by the
  /// server from Host (and trusted forwarding headers), changed by a gateway in service mode.
  std::string link_base;
  std::string request_id;  ///< X-Request-Id as sent, or drawn; empty until someone asks
  // Set by the router:
  std::vector<std::string> path_values;  ///< decoded values of {…} segments, in order
  std::string_view route;  ///< the pattern that matched, "/orders/{id}"; metrics label
  // Set by filters:
  tracing::TraceContext trace;  ///< of the span this request is answered under; invalid: none
  std::shared_ptr<const void> context;  ///< kept until the next request of the connection
  /// Who makes the request, once that was found out. Null: this process lets everybody do all.
  std::shared_ptr<const auth::Principal> principal;
  /// What one filter wants a later handler of the same request to know.
  std::vector<std::pair<std::string, std::string>> attributes;

  /// First value of that header; nullopt when absent.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  /// All values of that header joined with ", " (RFC 9110 section 5.3); nullopt when absent.
  [[nodiscard]] std::optional<std::string> header_list(std::string_view name) const;
  /// Who asks: as trusted proxies forwarded it, else the peer.
  [[nodiscard]] std::string_view client() const {
    return forwarded_for.empty() ? peer : forwarded_for;
  }
};

struct Header {
  std::string name;
  std::string value;
};

class Tunnel;

/// An answer. The server adds Content-Length, Date and Connection; never set them here.
struct Response {
  int status = 200;
  std::string content_type{};  ///< empty: no body type
  std::string body{};
  std::vector<Header> headers{};
  /// A body too large, or too long in coming, to be kept whole; then `body` is empty.
  std::shared_ptr<BodyStream> stream{};
  /// Of a body that is not in `body`: of `stream` when known, of what GET would have to HEAD.
  std::optional<std::uint64_t> length{};
  /// Takes the connection over once the head of this answer (101) is written.
  std::shared_ptr<Tunnel> tunnel{};

  Response& with(std::string name, std::string value) {
    headers.push_back({std::move(name), std::move(value)});
    return *this;
  }
};

/// Percent-decoded ("%2F" → "/"); '+' means blank only in queries. nullopt on a broken escape or on
/// a decoded NUL.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank);

/// Name and decoded value of each query parameter, in order; broken ones are left out.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);

/// "OK", "Not Found", …
[[nodiscard]] std::string_view reason_phrase(int status);

}  // namespace baedal::http
