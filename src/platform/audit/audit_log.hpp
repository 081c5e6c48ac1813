#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "kernel/clock.hpp"
#include "platform/audit/append_only_file.hpp"
#include "platform/http/message.hpp"

namespace baedal::audit {

/// Who did what: one JSON line for each request that would change something, whatever came of it,
/// and for each that was forbidden. Written before the answer is. Never a query, a header or a
/// body. Any thread.
///
///   {"time":"2026-11-23T02:00:00.123Z","who":"customer:42","client":"203.0.113.7",
///    "method":"PATCH","path":"/orders/7","route":"/orders/{id}","status":200,"outcome":"done",
///    "request_id":"b7ad6b7169203331","trace_id":"0af7651916cd43dd8448eb211c80319c"}
class AuditLog {
 public:
  /// Who asks, as far as that is known: empty otherwise. It is asked on I/O threads.
  using Who = std::function<std::string_view(const http::Request&)>;

  AuditLog(AppendOnlyFile file, const Clock& clock, Who who)
      : file_(std::move(file)), clock_(clock), who_(std::move(who)) {}

  void write(const http::Request& request, const http::Response& response);

  [[nodiscard]] std::uint64_t written() const { return written_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t lost() const { return file_.lost(); }

 private:
  [[nodiscard]] std::string line_of(const http::Request& request,
                                    const http::Response& response) const;

  AppendOnlyFile file_;
  const Clock& clock_;
  const Who who_;
  std::atomic<std::uint64_t> written_{0};
};

}  // namespace baedal::audit
