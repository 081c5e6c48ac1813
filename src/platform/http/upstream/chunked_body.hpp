#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace baedal::http {

/// Takes a chunked body apart (RFC 9112 section 7.1), wherever the bytes are cut. Trailers are read
/// and dropped. No memory of its own beyond a number.
class ChunkedBody {
 public:
  struct Step {
    enum class Kind { kNeedMore, kData, kEnd, kBad } kind;
    std::size_t taken = 0;    ///< bytes of the input that are done with, the data included
    std::string_view data{};  ///< of kData
  };

  /// What the front of `bytes` is. Call again with what was not taken, or with more.
  [[nodiscard]] Step next(std::string_view bytes);

 private:
  enum class Part { kSize, kData, kDataEnd, kTrailer, kOver };
  Step read_size(std::string_view bytes, std::size_t before);

  Part part_ = Part::kSize;
  std::uint64_t left_ = 0;  ///< of the present chunk
  std::size_t trailer_bytes_ = 0;
};

}  // namespace baedal::http
