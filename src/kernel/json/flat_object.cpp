#include "kernel/json/flat_object.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <cmath>
#include <functional>

#include "kernel/json/parse.hpp"

namespace baedal::json {

namespace bj = boost::json;

/// Fills a FlatObject from the events of Boost.JSON's parser, which is given the whole text at
/// once: a string without escapes comes as one view into it, one with escapes in parts, of which
/// some are views of the parser's own memory.
class FlatObjectBuilder {
 public:
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);

  FlatObjectBuilder(FlatObject& object, std::string_view text) : object_(object), source_(text) {}

  bool on_document_begin(bj::error_code&) { return true; }
  bool on_document_end(bj::error_code&) { return true; }
  bool on_object_begin(bj::error_code&) { return open(); }
  bool on_object_end(std::size_t, bj::error_code&) { return close(); }
  bool on_array_begin(bj::error_code& ec) {
    if (depth_ > 0) return open();
    return refuse(ec, "it must be an object");
  }
  bool on_array_end(std::size_t, bj::error_code&) { return close(); }
  bool on_key_part(bj::string_view part, std::size_t, bj::error_code&) { return append(part); }
  bool on_key(bj::string_view part, std::size_t, bj::error_code& ec) {
    const std::string_view name = whole(part);
    if (depth_ > 1) return true;
    if (std::ranges::find(names_, name) != names_.end()) {
      return refuse(ec, "the name \"" + std::string{name} + "\" appears twice");
    }
    names_.push_back(name);
    return true;
  }
  bool on_string_part(bj::string_view part, std::size_t, bj::error_code&) { return append(part); }
  bool on_string(bj::string_view part, std::size_t, bj::error_code& ec) {
    return add(whole(part), ec);
  }
  bool on_number_part(bj::string_view, bj::error_code&) { return true; }
  bool on_int64(std::int64_t value, bj::string_view, bj::error_code& ec) { return add(value, ec); }
  bool on_uint64(std::uint64_t value, bj::string_view, bj::error_code& ec) {
    return add(static_cast<double>(value), ec);
  }
  bool on_double(double value, bj::string_view, bj::error_code& ec) {
    return std::isfinite(value) ? add(value, ec) : refuse(ec, "a number is out of range");
  }
  bool on_bool(bool value, bj::error_code& ec) { return add(value, ec); }
  bool on_null(bj::error_code& ec) { return add(nullptr, ec); }
  bool on_comment_part(bj::string_view, bj::error_code&) { return true; }
  bool on_comment(bj::string_view, bj::error_code&) { return true; }

  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  bool refuse(bj::error_code& ec, std::string problem) {
    problem_ = std::move(problem);
    ec = bj::error::syntax;
    return false;
  }

  bool open() {
    ++depth_;
    return true;
  }
  bool close() {
    --depth_;
    return true;
  }

  bool append(bj::string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }

  [[nodiscard]] bool is_of_source(bj::string_view part) const {
    const std::less_equal<const char*> not_behind;
    return not_behind(source_.data(), part.data()) &&
           not_behind(part.data() + part.size(), source_.data() + source_.size());
  }

  /// What ends with `part`: a view into the text, or into what was put together from parts.
  std::string_view whole(bj::string_view part) {
    if (text_.empty() && is_of_source(part)) return {part.data(), part.size()};
    append(part);
    auto kept = std::make_unique<const std::string>(std::exchange(text_, {}));
    return *object_.unescaped_.emplace_back(std::move(kept));
  }

  bool add(FlatObject::Scalar value, bj::error_code& ec) {
    if (depth_ == 0) return refuse(ec, "it must be an object");
    if (depth_ == 1) object_.members_.emplace_back(names_.back(), value);
    return true;
  }

  FlatObject& object_;
  const std::string_view source_;
  std::size_t depth_ = 0;
  boost::container::small_vector<std::string_view, FlatObject::kUsualMembersMax> names_;
  std::string text_;
  std::string problem_;
};

/// False, and nothing kept, when the text is not so plain (usual_object.hpp).
bool FlatObject::read_usual(std::string_view text) {
  UsualObject usual(text);
  while (const auto member = usual.next()) {
    if (find(member->name) != nullptr) break;  // twice: refused by the long way
    members_.emplace_back(member->name, member->value);
  }
  if (!usual.whole()) members_.clear();
  return usual.whole();
}

Result<FlatObject> FlatObject::parse(std::string_view text) {
  FlatObject object;
  if (object.read_usual(text)) return object;
  bj::parse_options options;
  options.max_depth = ParseLimits{}.depth_max;
  bj::basic_parser<FlatObjectBuilder> parser(options, object, text);
  bj::error_code ec;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && used < text.size()) ec = bj::error::extra_data;
  if (!ec) return object;
  const std::string& problem = parser.handler().problem();
  return fail(ErrorKind::kInvalid, "malformed-json",
              "The JSON text is not valid at byte " + std::to_string(used) + ": " +
                  (problem.empty() ? ec.message() : problem) + ".");
}

}  // namespace baedal::json
