#include "platform/audit/audit_log.hpp"

#include "kernel/json/writer.hpp"
#include "platform/audit/printable.hpp"

namespace baedal::audit {
namespace {

bool changes_something(http::Method method) {
  return method != http::Method::kGet && method != http::Method::kHead &&
         method != http::Method::kOptions;
}

bool is_forbidden(int status) { return status == 401 || status == 403; }

std::string_view outcome_of(int status) {
  if (status >= 500) return "failed";
  return status >= 400 ? "refused" : "done";
}

}  // namespace

void AuditLog::write(const http::Request& request, const http::Response& response) {
  if (!changes_something(request.method) && !is_forbidden(response.status)) return;
  if (file_.append(line_of(request, response))) written_.fetch_add(1, std::memory_order_relaxed);
}

std::string AuditLog::line_of(const http::Request& request, const http::Response& response) const {
  const std::string trace = request.trace.valid() ? request.trace.traceparent() : std::string{};
  json::Writer line{json::Writer::Layout::kCompact};
  line.begin_object().name("time").string(clock_.now().iso8601());
  line.name("who").string(printable(who_(request)));
  line.name("client").string(printable(request.client()));
  line.name("method").string(printable(
      request.method == http::Method::kOther ? request.method_text : to_string(request.method)));
  // What is no path is what no one could read as one: it may hold anything, a password too.
  line.name("path").string(request.path.starts_with('/') ? printable(request.path) : std::string{});
  line.name("route").string(request.route);
  line.name("status").integer(response.status);
  line.name("outcome").string(outcome_of(response.status));
  if (!trace.empty()) {
    const std::string_view ids{trace};
    line.name("request_id")
        .string(request.request_id.empty() ? ids.substr(36, 16) : request.request_id);
    line.name("trace_id").string(ids.substr(3, 32));
  } else if (!request.request_id.empty()) {
    line.name("request_id").string(request.request_id);
  }
  line.end_object();
  return line.take() + '\n';
}

}  // namespace baedal::audit
