#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "kernel/clock.hpp"
#include "platform/http/message.hpp"
#include "services/gateway/routing/arguments.hpp"

namespace baedal::gateway {

/// One condition on a request, beside the path and the method. Immutable: any thread.
class Predicate {
 public:
  virtual ~Predicate() = default;
  [[nodiscard]] virtual bool matches(const http::Request& request) const = 0;
  /// "Header: X-Request-Id regexp=\d+"
  [[nodiscard]] virtual std::string describe() const = 0;
};

/// Makes the predicate of that name: After, Before, Between, Cookie, Header, Host, Query,
/// RemoteAddr, XForwardedRemoteAddr. `clock` outlives it. kInvalid, saying what is wrong.
[[nodiscard]] Result<std::shared_ptr<const Predicate>> make_predicate(const std::string& name,
                                                                      Arguments arguments,
                                                                      const Clock& clock);

/// Every name a route may use, with Path, Method and Weight.
[[nodiscard]] std::span<const std::string_view> predicate_names();

}  // namespace baedal::gateway
