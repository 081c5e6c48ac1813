#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace baedal {

/// An ISO 4217 alphabetic code ("KRW"). Only codes of the active list are accepted.
class Currency {
 public:
  [[nodiscard]] static std::optional<Currency> parse(std::string_view code);
  [[nodiscard]] static Currency krw() { return Currency{"KRW"}; }
  [[nodiscard]] std::string_view code() const { return {code_, 3}; }
  friend bool operator==(const Currency& a, const Currency& b) { return a.code() == b.code(); }

 private:
  explicit Currency(std::string_view code) : code_{code[0], code[1], code[2]} {}
  char code_[3];
};

/// An amount in integer minor units of its currency (won, cents). Arithmetic is checked: an
/// overflow is nullopt, never a wrong amount.
struct Money {
  std::int64_t minor_units = 0;
  Currency currency = Currency::krw();

  [[nodiscard]] std::optional<Money> times(std::int64_t factor) const;
  friend bool operator==(const Money&, const Money&) = default;
};

}  // namespace baedal
