#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace baedal::http {

/// A request with a few bytes changed, or only noise.
inline std::string garbage(std::mt19937_64& random) {
  static const std::vector<std::string> kSeeds = {
      "GET /hello HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world",
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
      "chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"};
  const auto below = [&](std::size_t bound) { return static_cast<std::size_t>(random() % bound); };
  std::string bytes = kSeeds[below(kSeeds.size())];
  if (below(3) == 0) bytes = std::string(below(300), '\0');
  const std::size_t changes = bytes.starts_with('\0') ? bytes.size() : 1 + below(6);
  constexpr std::string_view kTelling = {"\r\n :\t\0;,0f/%", 13};
  for (std::size_t i = 0; i < changes && !bytes.empty(); ++i) {
    const std::size_t at = changes == bytes.size() ? i : below(bytes.size());
    bytes[at] = below(2) == 0 ? kTelling[below(kTelling.size())] : static_cast<char>(random());
    if (below(8) == 0) bytes.erase(at, 1 + below(5));
    if (!bytes.empty() && below(8) == 0)
      bytes.insert(below(bytes.size()), bytes.substr(0, below(40)));
  }
  return bytes;
}

}  // namespace baedal::http
