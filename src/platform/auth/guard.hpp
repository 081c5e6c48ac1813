#pragma once

#include <memory>
#include <optional>

#include "platform/auth/access_table.hpp"
#include "platform/auth/verifier.hpp"
#include "platform/http/handler.hpp"

namespace baedal::auth {

/// Lets a request on to another handler only when its caller (Request::principal) may call that
/// operation: 401 when nobody said who they are, 403 when it is not for them, both as problem
/// documents with WWW-Authenticate. What the table does not know is for everybody who said who they
/// are, OPTIONS for everybody. Any I/O thread.
class AccessFilter final : public http::HttpHandler {
 public:
  /// Both outlive it.
  AccessFilter(http::HttpHandler& inner, const AccessTable& table) : inner_(inner), table_(table) {}
  Task<http::Response> handle(http::Request& request) override;

 private:
  http::HttpHandler& inner_;
  const AccessTable& table_;
};

/// Finds out who makes a request: verifies "Authorization: Bearer …" and sets Request::principal,
/// which is never null behind it. A token that is not taken is 401 wherever it is sent.
class IdentityFilter final : public http::HttpHandler {
 public:
  /// Both outlive it.
  IdentityFilter(http::HttpHandler& inner, Verifier& verifier)
      : inner_(inner), verifier_(verifier) {}
  Task<http::Response> handle(http::Request& request) override;

 private:
  std::optional<Refusal> identify(http::Request& request) const;

  http::HttpHandler& inner_;
  Verifier& verifier_;
};

}  // namespace baedal::auth
