#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace baedal::auth {

/// May do all that people may. The other roles are words between the tokens, the table of who may
/// call what (AccessTable) and the services.
inline constexpr std::string_view kOperator = "operator";
/// Another service of this installation; never anybody with an outside token.
inline constexpr std::string_view kService = "service";

/// A set of roles: more than a few are not kept.
class Roles {
 public:
  static constexpr std::size_t kCountMax = 32;
  static constexpr std::size_t kWordBytesMax = 64;

  Roles() = default;
  Roles(std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words) add(word);
  }
  /// Empty and overlong words, and those beyond the bound, are passed over.
  void add(std::string_view word);
  void remove(std::string_view word);
  [[nodiscard]] bool has(std::string_view word) const;
  /// Whether one of them is among `others`.
  [[nodiscard]] bool meets(const Roles& others) const;
  [[nodiscard]] bool empty() const { return words_.empty(); }
  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }
  friend bool operator==(const Roles&, const Roles&) = default;

 private:
  std::vector<std::string> words_;  ///< sorted
};

/// A subject is at most so long: it becomes part of keys that stores bound.
inline constexpr std::size_t kSubjectBytesMax = 128;
/// A longer name of a session is passed over.
inline constexpr std::size_t kSessionBytesMax = 128;

/// Who makes a request, as a verified token says. Immutable.
struct Principal {
  std::string subject{};  ///< 1 to kSubjectBytesMax bytes; empty: nobody said who they are
  Roles roles{};
  /// "sid": the login that the token belongs to; empty when it belongs to none.
  std::string session{};

  [[nodiscard]] bool anonymous() const { return subject.empty(); }
  [[nodiscard]] bool is_operator() const { return roles.has(kOperator); }
};

}  // namespace baedal::auth
