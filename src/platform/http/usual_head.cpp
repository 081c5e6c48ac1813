#include "platform/http/usual_head.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cstring>

#include "kernel/text.hpp"
#include "platform/http/token.hpp"

namespace baedal::http {
namespace {

constexpr std::size_t kLengthDigitsMax = 18;  // of any number that a uint64 holds

/// Of a path with its query (RFC 3986 sections 3.3 and 3.4), by code.
constexpr std::array<bool, 256> kPathCharacters = [] {
  std::array<bool, 256> path{};
  for (const char c : std::string_view{"/?%-._~!$&'()*+,;=:@0123456789"}) {
    path.at(static_cast<unsigned char>(c)) = true;
  }
  for (char c = 'a'; c <= 'z'; ++c) path.at(static_cast<unsigned char>(c)) = true;
  for (char c = 'A'; c <= 'Z'; ++c) path.at(static_cast<unsigned char>(c)) = true;
  return path;
}();

Method method_of(std::string_view text) {
  for (const Method method : {Method::kGet, Method::kPost, Method::kPut, Method::kPatch,
                              Method::kDelete, Method::kHead, Method::kOptions}) {
    if (to_string(method) == text) return method;
  }
  return Method::kOther;
}

class Reader {
 public:
  Reader(std::string_view bytes, ParsedMessage& message)
      : base_(bytes.data()), at_(base_), end_(base_ + bytes.size()), message_(message) {}

  std::optional<UsualHead> read() {
    if (!request_line()) return std::nullopt;
    while (!take("\r\n")) {
      if (!field()) return std::nullopt;
    }
    message_.headers_done = true;
    return UsualHead{static_cast<std::size_t>(at_ - base_), content_length_};
  }

 private:
  bool request_line() {
    const std::string_view method = characters(kTokenCharacters);
    message_.method = method_of(method);
    message_.method_text = slice(method);
    if (message_.method == Method::kOther || !take(" ")) return false;
    const std::string_view target = characters(kPathCharacters);
    message_.target = slice(target);
    message_.version = 11;
    return target.starts_with('/') && take(" HTTP/1.1\r\n");
  }

  bool field() {
    const std::string_view name = characters(kTokenCharacters);
    if (name.empty() || !take(":")) return false;
    while (take(" ")) {
    }
    const std::string_view value = printable();
    if (value.empty() || value.back() == ' ' || !take("\r\n")) return false;
    message_.fields.push_back({slice(name), slice(value)});
    ++message_.field_lines;
    return is_usual(name, value);
  }

  /// Whether the field leaves the message's framing and the connection as they usually are.
  bool is_usual(std::string_view name, std::string_view value) {
    const auto is = [&](std::string_view other) { return iequals(name, other); };
    switch (name.size()) {
      case 4:
        if (!is("Host")) return true;
        ++message_.hosts;
        message_.host = slice(value);
        return true;
      case 6:
        return !is("Expect");
      case 7:
        return !is("Upgrade");
      case 10:
        return !is("Connection") || iequals(value, "keep-alive");
      case 14:
        return !is("Content-Length") || length(value);
      case 16:
        return !is("Proxy-Connection");
      case 17:
        return !is("Transfer-Encoding");
      default:
        return true;
    }
  }

  bool length(std::string_view digits) {
    std::uint64_t value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [behind, error] = std::from_chars(digits.data(), end, value);
    content_length_ = value;
    return error == std::errc{} && behind == end && digits.size() <= kLengthDigitsMax &&
           ++message_.content_lengths == 1;
  }

  bool take(std::string_view text) {
    if (static_cast<std::size_t>(end_ - at_) < text.size()) return false;
    if (std::memcmp(at_, text.data(), text.size()) != 0) return false;
    at_ += text.size();
    return true;
  }

  std::string_view characters(const std::array<bool, 256>& kind) {
    const char* const from = at_;
    while (at_ < end_ && kind[static_cast<unsigned char>(*at_)]) ++at_;
    return {from, at_};
  }

  /// Blanks and visible ASCII. Eight bytes at once: one below 0x20 gets its high bit by the
  /// subtraction, one above 0x7E by the subtraction or the addition. Carries only reach bytes
  /// behind the first one found.
  std::string_view printable() {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    constexpr std::uint64_t kHighs = 0x8080808080808080;
    static_assert(std::endian::native == std::endian::little);
    const char* const from = at_;
    for (std::uint64_t eight = 0; end_ - at_ >= 8; at_ += 8) {
      std::memcpy(&eight, at_, 8);
      const std::uint64_t found = ((eight - kOnes * 0x20) | (eight + kOnes)) & kHighs;
      if (found == 0) continue;
      at_ += std::countr_zero(found) / 8;
      return {from, at_};
    }
    while (at_ < end_ && *at_ >= 0x20 && *at_ < 0x7F) ++at_;
    return {from, at_};
  }

  [[nodiscard]] Slice slice(std::string_view text) const {
    return {static_cast<std::size_t>(text.data() - base_), text.size()};
  }

  const char* const base_;
  const char* at_;
  const char* const end_;
  ParsedMessage& message_;
  std::optional<std::uint64_t> content_length_{};
};

}  // namespace

std::optional<UsualHead> read_usual_head(std::string_view bytes, ParsedMessage& message) {
  return Reader(bytes, message).read();
}

}  // namespace baedal::http
