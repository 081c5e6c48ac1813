#include "services/accounts/domain/password.hpp"

#include "kernel/text.hpp"

namespace baedal::accounts {

void Password::wipe() noexcept {
  // Through volatile, so that no compiler finds it needless.
  volatile char* at = text_.data();
  for (std::size_t left = text_.size(); left > 0; --left) *at++ = 0;
  text_.clear();
}

Result<void> Password::check_as_new() const {
  const auto characters = utf8_length(text_);
  if (!characters) {
    return fail(ErrorKind::kInvalid, "bad-password", "The password is no well-formed UTF-8.");
  }
  if (*characters < kCharactersMin || text_.size() > kBytesMax) {
    return fail(ErrorKind::kInvalid, "bad-password",
                "The password must have at least " + std::to_string(kCharactersMin) +
                    " characters, and at most " + std::to_string(kBytesMax) + " bytes.");
  }
  return {};
}

}  // namespace baedal::accounts
