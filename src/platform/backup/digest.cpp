#include "platform/backup/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <functional>
#include <span>

#include "kernel/assert.hpp"

namespace baedal::backup {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{1} << 20;

/// SHA-256 of what is added, piece by piece.
class Hash {
 public:
  Hash() { BAEDAL_ASSERT(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1); }

  void add(std::string_view bytes) {
    BAEDAL_ASSERT(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
  }

  [[nodiscard]] std::string hex() {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::array<unsigned char, 32> sum{};
    BAEDAL_ASSERT(EVP_DigestFinal_ex(context_.get(), sum.data(), nullptr) == 1);
    std::string text;
    for (const unsigned char byte : sum) {
      text.push_back(kDigits[byte >> 4U]);
      text.push_back(kDigits[byte & 0xFU]);
    }
    return text;
  }

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context_{EVP_MD_CTX_new()};
};

std::unexpected<Error> io_error(const char* what, const std::filesystem::path& file) {
  return unavailable("backup-io",
                     file.string() + " cannot be " + what + ": is it there, is the disk full?");
}

/// Hands every piece of the file to `take`, whose false is an error of writing.
Result<Digest> read_all(const std::filesystem::path& file,
                        const std::function<bool(std::string_view)>& take) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return io_error("read", file);
  Hash hash;
  Digest digest;
  std::string chunk(kChunkBytes, '\0');
  while (in) {
    in.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    const auto got = static_cast<std::size_t>(in.gcount());
    const std::string_view bytes = std::string_view(chunk).substr(0, got);
    hash.add(bytes);
    digest.bytes += got;
    if (!take(bytes)) return io_error("copied", file);
  }
  if (in.bad()) return io_error("read", file);
  digest.sha256 = hash.hex();
  return digest;
}

}  // namespace

Result<Digest> digest_of(const std::filesystem::path& file) {
  return read_all(file, [](std::string_view) { return true; });
}

Result<Digest> copy_with_digest(const std::filesystem::path& from,
                                const std::filesystem::path& to) {
  std::ofstream out(to, std::ios::binary);
  auto digest = read_all(from, [&out](std::string_view bytes) {
    return out.write(bytes.data(), static_cast<std::streamsize>(bytes.size())).good();
  });
  out.close();
  if (digest && !out) return io_error("written", to);
  return digest;
}

}  // namespace baedal::backup
