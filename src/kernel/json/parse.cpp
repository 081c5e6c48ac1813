#include "kernel/json/parse.hpp"

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "kernel/json/usual_object.hpp"

namespace baedal::json {
namespace {

namespace bj = boost::json;

// Of what clients send: more costs an allocation.
constexpr std::size_t kUsualMembersMax = 4;
constexpr std::size_t kUsualDepthMax = 3;
constexpr std::size_t kUsualValuesMax = 64;
/// Names are compared with each of so many before them; those of larger objects once, sorted.
constexpr std::size_t kComparedMembersMax = 32;

/// Builds a Value from the events of Boost.JSON's parser. Owned by the parser, used once.
class Builder {
 public:
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);

  explicit Builder(std::size_t values_max) : values_left_(values_max) {}

  bool on_document_begin(bj::error_code&) { return true; }
  bool on_document_end(bj::error_code&) { return true; }
  bool on_object_begin(bj::error_code& ec) {
    if (!open(Object{}, ec)) return false;
    stack_.back().value.get<Object>()->reserve(kUsualMembersMax);
    return true;
  }
  bool on_object_end(std::size_t, bj::error_code& ec) {
    const Object& object = *stack_.back().value.get<Object>();
    if (object.size() > kComparedMembersMax) {
      if (const auto twice = repeated_name(object)) return refuse_name(*twice, ec);
    }
    return close(ec);
  }
  bool on_array_begin(bj::error_code& ec) { return open(Array{}, ec); }
  bool on_array_end(std::size_t, bj::error_code& ec) { return close(ec); }
  bool on_key_part(bj::string_view part, std::size_t, bj::error_code&) { return append(part); }
  bool on_key(bj::string_view part, std::size_t, bj::error_code& ec) {
    append(part);
    stack_.back().name = std::exchange(text_, {});
    const Object& object = *stack_.back().value.get<Object>();
    if (object.size() > kComparedMembersMax || object.find(stack_.back().name) == nullptr) {
      return true;
    }
    return refuse_name(stack_.back().name, ec);
  }
  bool on_string_part(bj::string_view part, std::size_t, bj::error_code&) { return append(part); }
  bool on_string(bj::string_view part, std::size_t, bj::error_code& ec) {
    append(part);
    return add(Value{std::exchange(text_, {})}, ec);
  }
  bool on_number_part(bj::string_view, bj::error_code&) { return true; }
  bool on_int64(std::int64_t value, bj::string_view, bj::error_code& ec) { return add(value, ec); }
  bool on_uint64(std::uint64_t value, bj::string_view, bj::error_code& ec) {
    return add(static_cast<double>(value), ec);
  }
  bool on_double(double value, bj::string_view, bj::error_code& ec) {
    if (std::isfinite(value)) return add(value, ec);
    problem_ = "a number is out of range";
    ec = bj::error::exponent_overflow;
    return false;
  }
  bool on_bool(bool value, bj::error_code& ec) { return add(value, ec); }
  bool on_null(bj::error_code& ec) { return add(nullptr, ec); }
  bool on_comment_part(bj::string_view, bj::error_code&) { return true; }
  bool on_comment(bj::string_view, bj::error_code&) { return true; }

  [[nodiscard]] const std::string& problem() const { return problem_; }
  Value take() { return std::move(root_); }

 private:
  struct Level {
    Value value;
    std::string name;  ///< of the member being read, in an object
  };

  bool refuse_name(std::string_view name, bj::error_code& ec) {
    problem_ = "the name \"" + std::string{name} + "\" appears twice";
    ec = bj::error::syntax;
    return false;
  }

  static std::optional<std::string_view> repeated_name(const Object& object) {
    std::vector<std::string_view> names;
    names.reserve(object.size());
    for (const Object::Member& member : object) names.push_back(member.first);
    std::ranges::sort(names);
    const auto twice = std::ranges::adjacent_find(names);
    return twice == names.end() ? std::nullopt : std::optional{*twice};
  }

  bool append(bj::string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }

  bool count(bj::error_code& ec) {
    if (values_left_-- > 0) return true;
    values_left_ = 0;
    problem_ = "too many values";
    ec = bj::error::object_too_large;
    return false;
  }

  bool open(Value container, bj::error_code& ec) {
    if (!count(ec)) return false;
    stack_.push_back({std::move(container), {}});
    return true;
  }

  bool close(bj::error_code& ec) {
    Value done = std::move(stack_.back().value);
    stack_.pop_back();
    ++values_left_;  // it was counted when it was opened
    return add(std::move(done), ec);
  }

  bool add(Value value, bj::error_code& ec) {
    if (!count(ec)) return false;
    if (stack_.empty()) {
      root_ = std::move(value);
    } else if (Array* array = stack_.back().value.get<Array>()) {
      array->push_back(std::move(value));
    } else {
      // on_key() looked whether it is new, or on_object_end() will.
      stack_.back().value.get<Object>()->append(std::move(stack_.back().name), std::move(value));
    }
    return true;
  }

  std::size_t values_left_;
  boost::container::small_vector<Level, kUsualDepthMax> stack_;
  std::string text_;
  std::string problem_;
  Value root_;
};

/// Most of what clients send is a few plain members (usual_object.hpp).
std::optional<Object> read_usual(std::string_view text, std::size_t members_max) {
  UsualObject usual(text);
  Object object;
  object.reserve(kUsualMembersMax);
  const auto to_value = [](auto scalar) { return Value{scalar}; };
  while (const auto member = usual.next()) {
    if (object.size() == members_max || object.find(member->name) != nullptr) return std::nullopt;
    object.append(std::string{member->name}, std::visit(to_value, member->value));
  }
  return usual.whole() ? std::optional{std::move(object)} : std::nullopt;
}

}  // namespace

Result<Value> parse(std::string_view text, ParseLimits limits) {
  if (limits.depth_max > 0 && limits.values_max > kUsualValuesMax) {
    if (auto object = read_usual(text, kUsualValuesMax)) return Value{std::move(*object)};
  }
  bj::parse_options options;
  options.max_depth = limits.depth_max;
  bj::basic_parser<Builder> parser(options, limits.values_max);
  bj::error_code ec;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && used < text.size()) ec = bj::error::extra_data;
  if (!ec) return parser.handler().take();
  const std::string& problem = parser.handler().problem();
  return fail(ErrorKind::kInvalid, "malformed-json",
              "The JSON text is not valid at byte " + std::to_string(used) + ": " +
                  (problem.empty() ? ec.message() : problem) + ".");
}

}  // namespace baedal::json
