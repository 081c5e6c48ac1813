#include "platform/messaging/stored_text.hpp"

#include <cstdint>

#include "kernel/text.hpp"

namespace baedal::messaging {
namespace {

/// A character that no text has (U+FFFE), and a word for who reads the table: what follows is
/// hexadecimal.
constexpr std::string_view kMark = "\xEF\xBF\xBEhex:";
constexpr std::string_view kDigits = "0123456789abcdef";
/// PostgreSQL indexes up to 2,700 bytes; hexadecimal takes two for one.
constexpr std::size_t kIndexedMax = 1'000;

}  // namespace

std::string to_stored_text(std::string_view bytes) {
  const bool is_text = bytes.find('\0') == std::string_view::npos && utf8_length(bytes);
  if (is_text && !bytes.starts_with(kMark)) return std::string{bytes};
  std::string text{kMark};
  text.reserve(kMark.size() + 2 * bytes.size());
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += kDigits[value >> 4U];
    text += kDigits[value & 15U];
  }
  return text;
}

std::string to_indexed_text(std::string_view bytes) {
  if (bytes.size() <= kIndexedMax) return to_stored_text(bytes);
  std::string text{bytes.substr(0, kIndexedMax)};
  text += '#';
  append_int(text, static_cast<std::int64_t>(stable_hash(bytes) >> 1U));
  return to_stored_text(text);
}

std::string from_stored_text(std::string_view text) {
  if (!text.starts_with(kMark)) return std::string{text};
  text.remove_prefix(kMark.size());
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes += static_cast<char>(kDigits.find(text[i]) << 4U | kDigits.find(text[i + 1]));
  }
  return bytes;
}

}  // namespace baedal::messaging
