#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/http/handler.hpp"

namespace baedal::http {

/// Chooses a handler by path pattern and method. Patterns are literal segments and `{name}`
/// segments ("/orders/{id}"); a literal wins over a `{name}`. Segments are compared decoded, and
/// one trailing slash of the path is ignored. Unknown path → 404; known path with another method →
/// 405 with Allow; OPTIONS of a known path is answered with Allow, and so is `OPTIONS *`; HEAD goes
/// to its own handler; a broken percent escape → 400. Built before serving, then read only: any
/// thread.
///   router.add(Method::kGet, "/orders/{id}", [&](Request& request) { return read(request); });
class Router final : public HttpHandler {
 public:
  using Handle = std::function<Task<Response>(Request&)>;

  Router();
  ~Router() override;

  /// Adding the same method and pattern twice, or two names for one `{…}`, is a programmer error.
  /// The router keeps `handle`, so that it may be a coroutine lambda with captures.
  void add(Method method, std::string_view pattern, Handle handle);
  /// Headers added to the answer of OPTIONS for that pattern (Accept-Patch, Accept-Post).
  void add_options_header(std::string_view pattern, std::string name, std::string value);

  Task<Response> handle(Request& request) override;

  /// The pattern that a path, as it is sent, is of; nullopt when nothing is served there. Lives as
  /// long as the router.
  [[nodiscard]] std::optional<std::string_view> pattern_of(std::string_view path) const;

  /// All (method, pattern) pairs, sorted: for documentation and tests.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> routes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baedal::http
