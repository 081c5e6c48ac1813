#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace baedal {

/// What went wrong, as the one closed list the edge maps to HTTP (platform/http/problem.cpp).
/// The first group is the caller's doing, the second is the system's.
enum class ErrorKind {
  kInvalid,              ///< malformed or out of bounds input
  kNotFound,             ///< no such thing
  kConflict,             ///< the present state refuses it
  kUnprocessable,        ///< well formed, but it cannot be done (unknown or sold-out menu)
  kPreconditionFailed,   ///< If-Match does not match
  kIdempotencyMismatch,  ///< the idempotency key was used for another request
  kIdempotencyInFlight,  ///< the first request with this key is still running
  kUnavailable,          ///< a store or another service cannot answer now; safe to try again
  kOverloaded,           ///< a bounded queue is full; shed at once
  kInternal,             ///< a bug or damaged data
};

/// One rejected input field, rendered like Spring's bean-validation errors.
struct FieldError {
  std::string property;
  std::string message;
  std::string invalid_value;  ///< as JSON text; empty when the field was missing
};

/// An operating or business error. `code` is a stable slug for programs ("menu-sold-out"),
/// `detail` a sentence for people. Neither may hold secrets or internal addresses.
struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string code;
  std::string detail;
  std::vector<FieldError> fields{};
  std::chrono::seconds retry_after{0};  ///< 0: no hint
};

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorKind kind, std::string code,
                                                 std::string detail) {
  return std::unexpected(Error{kind, std::move(code), std::move(detail)});
}

/// Passes an error of one Result on as another Result's.
template <class T>
[[nodiscard]] std::unexpected<Error> pass_on(Result<T>& failed) {
  return std::unexpected(std::move(failed.error()));
}

[[nodiscard]] inline std::unexpected<Error> unavailable(std::string code, std::string detail) {
  return std::unexpected(Error{
      ErrorKind::kUnavailable, std::move(code), std::move(detail), {}, std::chrono::seconds{1}});
}

}  // namespace baedal
