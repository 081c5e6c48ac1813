#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "kernel/error.hpp"
#include "platform/auth/principal.hpp"
#include "platform/http/router.hpp"

namespace baedal::auth {

/// Who may call an operation.
struct Rule {
  bool anyone = false;  ///< without a token too
  Roles roles{};        ///< otherwise: one of these is needed
};

/// Who may call what, as an OpenAPI document says: `x-roles: anyone` or `x-roles: [customer, …]` at
/// every operation. Immutable: any thread.
class AccessTable {
 public:
  /// kInvalid when the text is no such document, or an operation does not say it.
  [[nodiscard]] static Result<AccessTable> parse(std::string_view openapi_yaml);

  /// The rule of that operation; HEAD goes by GET's where it has none. Null for what the document
  /// does not know. Paths are compared as a Router does.
  [[nodiscard]] const Rule* find(http::Method method, std::string_view path) const;

 private:
  static constexpr std::size_t kMethods = 8;
  using Rules = std::array<std::unique_ptr<const Rule>, kMethods>;

  std::unique_ptr<http::Router> paths_;  ///< only asked which pattern a path is of
  std::map<std::string, Rules, std::less<>> rules_;
};

}  // namespace baedal::auth
