#include "platform/config/masked.hpp"

namespace baedal::config {
namespace {

constexpr std::string_view kMask = "***";
constexpr std::string_view kParameter = "password=";  // sslpassword= too

/// From the colon behind the user to the last '@': where the first one is, only percent-encoding
/// would tell.
void mask_user_info(std::string& text) {
  const auto begin = text.find("//");
  if (begin == std::string::npos) return;
  const auto colon = text.find(':', begin);
  const auto at = text.rfind('@');
  if (colon == std::string::npos || at == std::string::npos || at < colon) return;
  text.replace(colon + 1, at - colon - 1, kMask);
}

void mask_parameters(std::string& text) {
  for (auto at = text.find(kParameter); at != std::string::npos;
       at = text.find(kParameter, at + kParameter.size())) {
    const auto value = at + kParameter.size();
    // A quoted value may hold blanks: with a quote, all that follows goes.
    const bool is_quoted = value < text.size() && text[value] == '\'';
    const auto end = is_quoted ? std::string::npos : text.find_first_of("& ", value);
    text.replace(value, end == std::string::npos ? end : end - value, kMask);
  }
}

}  // namespace

std::string masked(std::string_view text) {
  std::string shown{text};
  mask_parameters(shown);
  mask_user_info(shown);
  return shown;
}

}  // namespace baedal::config
