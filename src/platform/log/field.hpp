#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>
#include <variant>

namespace baedal::log {

/// The value of a field: a number, a truth value or text. Borrows the text. A Secret is none of
/// these and does not compile.
class FieldValue {
 public:
  using Data = std::variant<bool, std::int64_t, std::uint64_t, double, std::string_view>;

  template <std::same_as<bool> T>
  FieldValue(T value) : data_(value) {}  // NOLINT(google-explicit-constructor)
  template <std::signed_integral T>
  FieldValue(T value) : data_(std::int64_t{value}) {}  // NOLINT(google-explicit-constructor)
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) FieldValue(T value)
      : data_(std::uint64_t{value}) {}  // NOLINT(google-explicit-constructor)
  template <std::floating_point T>
  FieldValue(T value) : data_(static_cast<double>(value)) {}  // NOLINT(google-explicit-constructor)
  template <std::convertible_to<std::string_view> T>
  FieldValue(const T& value)  // NOLINT(google-explicit-constructor)
      : data_(std::string_view{value}) {}

  [[nodiscard]] const Data& data() const { return data_; }

 private:
  Data data_;
};

/// One named fact of an event. `name` is a literal in camelCase: it becomes a JSON member.
struct Field {
  std::string_view name;
  FieldValue value;
};

}  // namespace baedal::log
