#include "services/accounts/outbound/argon2_hasher.hpp"

#include <argon2.h>
#include <openssl/rand.h>

#include <array>
#include <string>

#include "kernel/assert.hpp"

namespace baedal::accounts {
namespace {

constexpr std::uint32_t kLanes = 1;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;

Error overloaded() {
  return {ErrorKind::kOverloaded,
          "logins-overloaded",
          "More passwords than can be looked at are waiting; try again in a moment.",
          {},
          std::chrono::seconds{1}};
}

Error failed(int code) {
  // It is memory that lacks, if anything.
  return {ErrorKind::kUnavailable,
          "password-not-hashed",
          std::string{"The password cannot be looked at: "} + argon2_error_message(code) + ".",
          {},
          std::chrono::seconds{1}};
}

/// The beginning of every hash of that cost.
std::string parameters_of(const Argon2Cost& cost) {
  return "$argon2id$v=" + std::to_string(ARGON2_VERSION_NUMBER) +
         "$m=" + std::to_string(cost.memory_kib) + ",t=" + std::to_string(cost.passes) +
         ",p=" + std::to_string(kLanes) + "$";
}

int make_hash(const Argon2Cost& cost, std::string_view password, std::string& text) {
  std::array<unsigned char, kSaltBytes> salt{};
  BAEDAL_ASSERT(RAND_bytes(salt.data(), static_cast<int>(salt.size())) == 1);
  text.resize(
      argon2_encodedlen(cost.passes, cost.memory_kib, kLanes, kSaltBytes, kHashBytes, Argon2_id));
  const int code =
      argon2id_hash_encoded(cost.passes, cost.memory_kib, kLanes, password.data(), password.size(),
                            salt.data(), salt.size(), kHashBytes, text.data(), text.size());
  text.resize(text.find('\0'));  // its length counts the end of a C string
  return code;
}

}  // namespace

Task<Result<PasswordHash>> Argon2Hasher::hash(const Password& password) {
  std::string text;
  int code = ARGON2_OK;
  auto work = [&] { code = make_hash(cost_, password.expose(), text); };
  const bool accepted = co_await threads_.run(work);
  if (!accepted) co_return std::unexpected(overloaded());
  if (code != ARGON2_OK) co_return std::unexpected(failed(code));
  co_return PasswordHash{std::move(text)};
}

Task<Result<bool>> Argon2Hasher::matches(const Password& password, const PasswordHash& hash) {
  int code = ARGON2_OK;
  auto work = [&] {
    const std::string_view text = password.expose();
    code = argon2id_verify(hash.expose().c_str(), text.data(), text.size());
  };
  const bool accepted = co_await threads_.run(work);
  if (!accepted) co_return std::unexpected(overloaded());
  if (code == ARGON2_OK) co_return true;
  if (code == ARGON2_VERIFY_MISMATCH) co_return false;
  co_return std::unexpected(failed(code));
}

bool Argon2Hasher::is_outdated(const PasswordHash& hash) const {
  return !hash.expose().starts_with(parameters_of(cost_));
}

}  // namespace baedal::accounts
