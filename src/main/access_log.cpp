#include "main/access_log.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "kernel/text.hpp"

namespace baedal {
namespace {

/// A path is shown at most this far.
constexpr std::size_t kPathBytesMax = 1024;

std::optional<std::int64_t> number_behind(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return std::nullopt;
  path.remove_prefix(prefix.size());
  if (path.ends_with('/')) path.remove_suffix(1);
  const auto number = parse_int64(path);
  return number && *number > 0 ? number : std::nullopt;
}

std::optional<std::int64_t> created(const http::Response& response) {
  for (const http::Header& header : response.headers) {
    if (!iequals(header.name, "Location")) continue;
    constexpr std::string_view kOrders = "/orders/";
    const std::string_view location = header.value;
    const auto at = location.rfind(kOrders);
    if (at != std::string_view::npos) return number_behind(location.substr(at), kOrders);
  }
  return std::nullopt;
}

std::int64_t bytes_of(const http::Response& response) {
  return static_cast<std::int64_t>(response.length.value_or(response.body.size()));
}

/// What is no path is what no one could read as one: it may hold anything, a password too.
std::string_view shown_path(const http::Request& request) {
  return request.path.starts_with('/') ? request.path.substr(0, kPathBytesMax) : "";
}

using Fields = std::vector<log::Field>;

/// The ids of a request's trace as text; none when it has none.
class Trace {
 public:
  explicit Trace(const http::Request& request) {
    if (request.trace.valid()) text_ = request.trace.traceparent();
  }
  /// Borrowed by the fields.
  void append_to(Fields& fields) const {
    if (text_.empty()) return;
    fields.push_back({"trace_id", std::string_view{text_}.substr(3, 32)});
    fields.push_back({"span_id", std::string_view{text_}.substr(36, 16)});
  }

 private:
  std::string text_;
};

double milliseconds(std::chrono::nanoseconds took) {
  return static_cast<double>(took.count() / 1'000) / 1'000;
}

}  // namespace

std::optional<std::int64_t> order_of(const http::Request& request, const http::Response& response) {
  if (request.method == http::Method::kPost) {
    const bool places = request.path == "/orders" || request.path == "/orders/";
    return places && response.status == 201 ? created(response) : std::nullopt;
  }
  const auto order = number_behind(request.path, "/orders/");
  // A line of the customer's page goes by the number of its order.
  return order ? order : number_behind(request.path, "/mypages/");
}

void AccessLog::write(const http::Request& request, const http::Response& response,
                      std::chrono::nanoseconds took) const {
  if (access_.enabled(log::Level::kInfo)) write_access(request, response, took);
  if (http_.enabled(log::Level::kDebug)) write_exchange(request, response);
}

void AccessLog::write_access(const http::Request& request, const http::Response& response,
                             std::chrono::nanoseconds took) const {
  const Trace trace(request);
  const auto order = order_of(request, response);
  Fields fields{{"method", to_string(request.method)}, {"route", request.route},
                {"path", shown_path(request)},         {"status", response.status},
                {"duration_ms", milliseconds(took)},   {"bytes", bytes_of(response)}};
  trace.append_to(fields);
  if (order) fields.push_back({"order_id", *order});
  if (with_client_) fields.push_back({"client", request.client()});
  log::write(log::Level::kInfo, "access", "request", fields);
}

void AccessLog::write_exchange(const http::Request& request, const http::Response& response) {
  const Trace trace(request);
  Fields fields{{"method", to_string(request.method)}, {"path", shown_path(request)},
                {"headers", request.headers.size()},   {"body_bytes", request.body.size()},
                {"status", response.status},           {"streamed", response.stream != nullptr}};
  trace.append_to(fields);
  log::write(log::Level::kDebug, "http", "exchange", fields);
}

}  // namespace baedal
