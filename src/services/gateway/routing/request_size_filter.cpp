// RequestSize: the limit of a body, also of one whose length nobody has told.
#include "platform/http/body_stream.hpp"
#include "platform/http/problem.hpp"
#include "services/gateway/routing/header_filters.hpp"

namespace baedal::gateway {
namespace {

constexpr std::uint64_t kBodyBytes = 5 * 1024 * 1024;

/// Passes so many bytes and no more.
class LimitedStream final : public http::BodyStream {
 public:
  LimitedStream(std::shared_ptr<http::BodyStream> inner, std::uint64_t bytes_max)
      : inner_(std::move(inner)), left_(bytes_max) {}

  Task<Result<std::string_view>> read() override {
    auto reading = inner_->read();
    const auto piece = co_await reading;
    if (piece && piece->size() > left_) exceeded_ = true;
    if (exceeded_) co_return fail(ErrorKind::kInvalid, "body-too-large", "The body is too large.");
    if (piece) left_ -= piece->size();
    co_return piece;
  }
  void cancel() override { inner_->cancel(); }
  [[nodiscard]] bool exceeded() const { return exceeded_; }

 private:
  const std::shared_ptr<http::BodyStream> inner_;
  std::uint64_t left_;
  bool exceeded_ = false;
};

http::Response too_large(const http::Request& request) {
  http::Response refused = http::problem(413, "body-too-large", "The body is too large.", request);
  refused.with("errorMessage", "Request size is larger than permissible limit.");
  return refused;
}

class RequestSizeFilter final : public Filter {
 public:
  explicit RequestSizeFilter(Arguments& arguments) {
    arguments.order({"maxSize"});
    bytes_max_ = arguments.size("maxSize", kBodyBytes);
    text_ = "RequestSize " + arguments.shown();
  }

  [[nodiscard]] bool wraps() const override { return true; }
  [[nodiscard]] std::string describe() const override { return text_; }

  Task<http::Response> apply(Exchange& exchange, const FilterChain& rest, std::size_t at,
                             Upstream& upstream) const override {
    http::Request& request = exchange.request;
    const std::uint64_t told =
        request.stream ? request.stream_length.value_or(0) : request.body.size();
    if (told > bytes_max_) {
      co_return too_large(request);
    }
    std::shared_ptr<LimitedStream> limited;
    if (request.stream && !request.stream_length) {
      limited = std::make_shared<LimitedStream>(request.stream, bytes_max_);
      request.stream = limited;
    }
    auto passing = rest.run(exchange, upstream, at);
    http::Response response = co_await passing;
    if (limited && limited->exceeded()) co_return too_large(request);
    co_return response;
  }

 private:
  std::uint64_t bytes_max_ = 0;
  std::string text_;
};

}  // namespace

FilterPointer make_request_size_filter(Arguments& arguments) {
  return std::make_shared<const RequestSizeFilter>(arguments);
}

}  // namespace baedal::gateway
