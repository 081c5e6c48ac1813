#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "kernel/error.hpp"

namespace baedal::json {

/// The members of one JSON object that are texts, numbers, booleans or null, as views into its
/// text: for messages of known, flat shape, read many thousand times a second. Members that are
/// arrays or objects are checked and passed over. As strict as parse(), with its default limits.
class FlatObject {
 public:
  using Scalar = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string_view>;

  /// `text` lives as long as the object and what it gives.
  static Result<FlatObject> parse(std::string_view text);

  /// Null when there is no such member, or it is no scalar.
  [[nodiscard]] const Scalar* find(std::string_view name) const {
    for (const auto& [key, value] : members_) {
      if (key == name) return &value;
    }
    return nullptr;
  }

 private:
  friend class FlatObjectBuilder;
  static constexpr std::size_t kUsualMembersMax = 20;
  boost::container::small_vector<std::pair<std::string_view, Scalar>, kUsualMembersMax> members_;
  std::vector<std::unique_ptr<const std::string>> unescaped_;  ///< texts that hold escapes
};

}  // namespace baedal::json
