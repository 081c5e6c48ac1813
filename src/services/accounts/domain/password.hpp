#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "kernel/error.hpp"

namespace baedal::accounts {

/// A password as somebody typed it: printed by nothing, and wiped at its end.
class Password {
 public:
  static constexpr std::size_t kBytesMax = 256;
  static constexpr std::size_t kCharactersMin = 10;

  explicit Password(std::string text) : text_(std::move(text)) {}
  Password(Password&& other) noexcept : text_(other.text_) { other.wipe(); }
  Password& operator=(Password&&) = delete;
  ~Password() { wipe(); }

  [[nodiscard]] std::string_view expose() const { return text_; }
  /// Whether it may become somebody's password: kInvalid when it is too short, longer than
  /// kBytesMax, or no UTF-8. What it is made of is its owner's business.
  [[nodiscard]] Result<void> check_as_new() const;

 private:
  void wipe() noexcept;

  std::string text_;
};

/// What is kept of a password: Argon2id's text with its parameters and salt. Printed by nothing.
class PasswordHash {
 public:
  PasswordHash() = default;
  explicit PasswordHash(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] const std::string& expose() const { return text_; }
  friend bool operator==(const PasswordHash&, const PasswordHash&) = default;

 private:
  std::string text_;
};

}  // namespace baedal::accounts
