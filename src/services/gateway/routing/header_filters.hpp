#pragma once

#include "services/gateway/routing/filter.hpp"

namespace baedal::gateway {

/// The filters that change a request or an answer and nothing else; null for a name that is none of
/// them. What is wrong with the arguments they hold themselves.
[[nodiscard]] FilterPointer make_request_filter(const std::string& name, Arguments& arguments);
[[nodiscard]] FilterPointer make_response_filter(const std::string& name, Arguments& arguments);

/// "500", "NOT_FOUND": the status of that name, 0 when there is none.
[[nodiscard]] int parse_status(std::string_view text);
[[nodiscard]] FilterPointer make_request_size_filter(Arguments& arguments);
/// `clock` outlives the filter.
[[nodiscard]] FilterPointer make_response_cache_filter(Arguments& arguments, const Clock& clock);

/// A filter made of two functions, either of which may be empty.
class FunctionFilter final : public Filter {
 public:
  using Before = std::function<std::optional<http::Response>(Exchange&)>;
  using After = std::function<void(Exchange&, http::Response&)>;
  FunctionFilter(Before before, After after, std::string text)
      : before_(std::move(before)), after_(std::move(after)), text_(std::move(text)) {}

  std::optional<http::Response> before(Exchange& exchange) const override {
    return before_ ? before_(exchange) : std::nullopt;
  }
  void after(Exchange& exchange, http::Response& response) const override {
    if (after_) after_(exchange, response);
  }
  [[nodiscard]] std::string describe() const override { return text_; }

 private:
  Before before_;
  After after_;
  std::string text_;
};

}  // namespace baedal::gateway
