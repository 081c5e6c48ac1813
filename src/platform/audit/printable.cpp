#include "platform/audit/printable.hpp"

#include <algorithm>

namespace baedal::audit {
namespace {

constexpr std::size_t kTextBytesMax = 1024;

}  // namespace

std::string printable(std::string_view text) {
  std::string out{text.substr(0, kTextBytesMax)};
  std::ranges::replace_if(
      out, [](char c) { return c < ' ' || c > '~'; }, '?');
  return out;
}

}  // namespace baedal::audit
