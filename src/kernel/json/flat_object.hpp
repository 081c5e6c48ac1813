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
#include "kernel/json/usual_object.hpp"

namespace baedal::json {

/// The members of one JSON object that are texts, numbers, booleans or null, as views into its
/// text: for messages of known, flat shape, read many thousand times a second. Members that are
/// arrays or objects are checked and passed over. As strict as parse(), with its default limits.
class FlatObject {
 public:
  using Scalar = UsualObject::Scalar;

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
  bool read_usual(std::string_view text);

  static constexpr std::size_t kUsualMembersMax = 20;
  boost::container::small_vector<std::pair<std::string_view, Scalar>, kUsualMembersMax> members_;
  std::vector<std::unique_ptr<const std::string>> unescaped_;  ///< texts that hold escapes
};

}  // namespace baedal::json
