#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

#include "kernel/error.hpp"

namespace baedal::backup {

/// What a file holds: its bytes and their SHA-256, as 64 hexadecimal digits.
struct Digest {
  std::uint64_t bytes = 0;
  std::string sha256;
  friend bool operator==(const Digest&, const Digest&) = default;
};

/// Reads the whole file.
[[nodiscard]] Result<Digest> digest_of(const std::filesystem::path& file);

/// Copies the file to a new one, and gives what was copied.
[[nodiscard]] Result<Digest> copy_with_digest(const std::filesystem::path& from,
                                              const std::filesystem::path& to);

}  // namespace baedal::backup
