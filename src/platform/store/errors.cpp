#include "platform/store/errors.hpp"

#include <string>
#include <utility>

namespace baedal::store {

using std::chrono::seconds;

Error store_unavailable(std::string detail) {
  return {
      ErrorKind::kUnavailable, std::string(kStoreUnavailable), std::move(detail), {}, seconds{1}};
}

Error store_overloaded(std::string_view what) {
  return {ErrorKind::kOverloaded,
          "store-overloaded",
          "Too many " + std::string(what) + " are waiting.",
          {},
          seconds{1}};
}

Error once_keys_full() {
  return {ErrorKind::kOverloaded,
          "idempotency-keys-full",
          "As many idempotency keys are kept as may be; nothing was done.",
          {},
          std::chrono::minutes{1}};
}

Error duplicate_row(const Table& table) {
  return {ErrorKind::kConflict, "store-duplicate",
          "Such a row exists already in " + std::string(table.name) + "."};
}

Error missing_row(const Table& table) {
  return {ErrorKind::kNotFound, "store-not-found",
          "There is no such row in " + std::string(table.name) + "."};
}

Error fingerprint_mismatch() {
  return {ErrorKind::kIdempotencyMismatch, "idempotency-mismatch",
          "The idempotency key was used for another request."};
}

}  // namespace baedal::store
