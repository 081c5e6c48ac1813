#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/clock.hpp"
#include "kernel/error.hpp"
#include "platform/auth/csrf.hpp"
#include "platform/auth/guard.hpp"
#include "platform/auth/own_issuer.hpp"
#include "platform/auth/service_tokens.hpp"
#include "platform/config/settings.hpp"

namespace baedal {

/// Whether everybody may do everything. kInvalid, with a sentence for the operator, when a process
/// with these settings must not start: open where strangers could reach it, or closed with nobody
/// who could be let in.
[[nodiscard]] Result<bool> is_open(const config::Settings& settings);

/// A token of this installation's own issuer (auth.issuer-key), of `subject` with `roles`, good for
/// `lasts`. kInvalid, with a sentence, without that key or for a subject that cannot be kept.
[[nodiscard]] Result<std::string> issue_token(const config::Settings& settings,
                                              const std::string& subject, const auth::Roles& roles,
                                              std::chrono::seconds lasts, const Clock& clock);

/// Who may do what in a process that is not open.
class Access {
 public:
  /// Reads the keys. `clock` outlives it.
  static Result<std::unique_ptr<Access>> make(const config::Settings& settings,
                                              const std::vector<std::string>& roles,
                                              const Clock& clock);

  /// A handler that lets only those on to `inner` who may; it lives as long as this. The first door
  /// of a process also finds out who they are.
  [[nodiscard]] http::HttpHandler& first_door(http::HttpHandler& inner);
  [[nodiscard]] http::HttpHandler& door(http::HttpHandler& inner);
  /// This installation's own issuer; null without auth.issuer-key.
  [[nodiscard]] const auth::OwnIssuer* issuer() const { return issuer_.get(); }
  /// Of logins, which there are where this process is a gateway with an issuer of its own and a
  /// store of accounts; null otherwise.
  [[nodiscard]] const auth::CsrfTokens* csrf() const { return csrf_.get(); }
  /// What this process says to other services; null without auth.service-key.
  [[nodiscard]] auth::ServiceTokens* service_tokens() { return service_tokens_.get(); }

 private:
  explicit Access(auth::AccessTable table) : table_(std::move(table)) {}

  const auth::AccessTable table_;
  std::unique_ptr<auth::ServiceTokens> service_tokens_;
  std::unique_ptr<auth::OwnIssuer> issuer_;
  std::unique_ptr<auth::CsrfTokens> csrf_;
  std::unique_ptr<auth::Verifier> verifier_;
  std::vector<std::unique_ptr<http::HttpHandler>> doors_;
};

}  // namespace baedal
