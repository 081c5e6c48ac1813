#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/message.hpp"
#include "services/gateway/routing/path_pattern.hpp"
#include "services/gateway/routing/regex.hpp"

namespace baedal::gateway {

/// What pages of other origins may do below some paths. Nothing that is not named here.
struct CorsRule {
  PathPattern paths;
  std::vector<std::string> origins{};    ///< "https://shop.example.com"
  std::vector<Regex> origin_patterns{};  ///< of whole origins in lower case
  /// Every origin, but without credentials: with them, any page a customer happens to open could
  /// act in the customer's name.
  bool everyone = false;
  std::vector<std::string> methods{"GET", "HEAD"};  ///< "*": every method
  std::vector<std::string> headers{};               ///< of requests; "*": every header
  std::string exposed_headers{};                    ///< as Access-Control-Expose-Headers has them
  bool credentials = false;                         ///< for origins that are named, or by a pattern
  std::optional<std::int64_t> max_age{};            ///< seconds a browser keeps a preflight
};

/// A pattern of origins as Spring has them, "https://*.example.com:[8080,8443]", as an expression
/// for CorsRule. kInvalid when its ports are none.
[[nodiscard]] Result<Regex> compile_origin_pattern(std::string_view pattern);

/// What becomes of one request.
struct CorsVerdict {
  std::optional<http::Response> answer{};  ///< to a preflight or a refused one; it goes no further
  std::vector<http::Header> headers{};     ///< for the answer to one that is allowed

  /// Gives an answer these headers, in place of those its service may have had.
  void apply(http::Response& response) const;
};

/// Cross-origin resource sharing (the Fetch standard, section 3.2), as Spring decides it.
/// Immutable: any thread.
class Cors {
 public:
  explicit Cors(std::vector<CorsRule> rules) : rules_(std::move(rules)) {}

  /// By the first rule for its path; nullopt: not cross-origin, or no rule's affair.
  [[nodiscard]] std::optional<CorsVerdict> judge(const http::Request& request) const;

 private:
  std::vector<CorsRule> rules_;
};

}  // namespace baedal::gateway
