#include "platform/actuator/measured_handler.hpp"

namespace baedal::actuator {
namespace {

/// One request in hand. An answer that never comes (the handler threw, or the task was dropped)
/// counts as a 500 with an exception.
class Measurement {
 public:
  Measurement(metrics::HttpServerMetrics& metrics, const Clock& clock, const http::Request& request)
      : metrics_(metrics), clock_(clock), request_(request), started_(clock.monotonic()) {
    metrics_.started(started_);
  }
  Measurement(const Measurement&) = delete;
  Measurement& operator=(const Measurement&) = delete;
  ~Measurement() {
    metrics_.finished(http::to_string(request_.method), request_.route, status_, started_,
                      clock_.monotonic(), answered_ ? "none" : "exception");
  }

  void answered(int status) {
    status_ = status;
    answered_ = true;
  }

 private:
  metrics::HttpServerMetrics& metrics_;
  const Clock& clock_;
  const http::Request& request_;
  metrics::HttpServerMetrics::TimePoint started_;
  int status_ = 500;
  bool answered_ = false;
};

}  // namespace

Task<http::Response> MeasuredHandler::handle(http::Request& request) {
  Measurement measurement{metrics_, clock_, request};
  http::Response response = co_await inner_.handle(request);
  measurement.answered(response.status);
  co_return response;
}

}  // namespace baedal::actuator
