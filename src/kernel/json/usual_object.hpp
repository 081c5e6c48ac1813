#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace baedal::json {

/// Reads a JSON object of the plainest kind, member by member: texts of printable ASCII without
/// escapes, integers of up to 18 digits, booleans and null, with blanks anywhere. At the first
/// thing that is anything else, right or wrong, it stops, and Boost.JSON is to read the text from
/// its beginning: it alone decides what is refused and why. What is read here is read alike there
/// (a test holds them against each other). Names are not compared: that is the reader's.
class UsualObject {
 public:
  using Scalar = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string_view>;
  struct Member {
    std::string_view name;
    Scalar value;
  };

  /// `text` lives as long as what is read of it.
  explicit UsualObject(std::string_view text);

  /// The next member; nullopt at the end, or where the object is not usual.
  std::optional<Member> next();
  /// Whether next() came to the end of the object, and of the text.
  [[nodiscard]] bool whole() const { return state_ == State::kWhole; }

 private:
  enum class State { kFirst, kNext, kWhole, kUnusual };

  void skip_blanks();
  bool take(char c);
  bool take(std::string_view word);
  std::optional<std::string_view> text();
  std::optional<std::int64_t> integer();
  std::optional<Scalar> value();
  std::optional<Member> stop(bool whole);

  const char* at_;
  const char* const end_;
  State state_ = State::kFirst;
};

}  // namespace baedal::json
