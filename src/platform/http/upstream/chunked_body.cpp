#include "platform/http/upstream/chunked_body.hpp"

#include <algorithm>
#include <charconv>

namespace baedal::http {
namespace {

constexpr std::size_t kSizeLineBytesMax = 256;
constexpr std::size_t kTrailerBytesMax = 16 * 1024;
constexpr std::size_t kSizeDigitsMax = 15;  ///< fits into 64 bits with room to spare

}  // namespace

ChunkedBody::Step ChunkedBody::next(std::string_view bytes) {
  std::size_t taken = 0;
  if (part_ == Part::kDataEnd) {
    if (bytes.size() < 2) return {Step::Kind::kNeedMore};
    if (!bytes.starts_with("\r\n")) return {Step::Kind::kBad};
    bytes.remove_prefix(2);
    taken = 2;
    part_ = Part::kSize;
  }
  if (part_ == Part::kSize) {
    const Step size = read_size(bytes, taken);
    if (part_ == Part::kSize) return size;
    bytes.remove_prefix(size.taken - taken);
    taken = size.taken;
  }
  if (part_ == Part::kData) {
    const auto here = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
    if (here == 0) return {Step::Kind::kNeedMore, taken};
    left_ -= here;
    if (left_ == 0) part_ = Part::kDataEnd;
    return {Step::Kind::kData, taken + here, bytes.substr(0, here)};
  }
  while (part_ == Part::kTrailer) {
    const std::size_t end = bytes.find("\r\n");
    if (end == std::string_view::npos) {
      const bool too_long = trailer_bytes_ + bytes.size() > kTrailerBytesMax;
      return {too_long ? Step::Kind::kBad : Step::Kind::kNeedMore, taken};
    }
    trailer_bytes_ += end + 2;
    if (trailer_bytes_ > kTrailerBytesMax) return {Step::Kind::kBad};
    taken += end + 2;
    bytes.remove_prefix(end + 2);
    if (end == 0) part_ = Part::kOver;
  }
  return {Step::Kind::kEnd, taken};
}

/// Moves on to the next part when the whole size line is there.
ChunkedBody::Step ChunkedBody::read_size(std::string_view bytes, std::size_t before) {
  const std::size_t end = bytes.find("\r\n");
  if (end == std::string_view::npos) {
    // The last byte may be the first one of the line's end.
    const bool too_long = bytes.size() > kSizeLineBytesMax + 1;
    return {too_long ? Step::Kind::kBad : Step::Kind::kNeedMore, before};
  }
  const std::string_view line = bytes.substr(0, end);
  const char* const stop = line.data() + line.size();
  const auto [digits_end, error] = std::from_chars(line.data(), stop, left_, 16);
  const auto digits = static_cast<std::size_t>(digits_end - line.data());
  const bool clean = digits_end == stop || *digits_end == ';' || *digits_end == ' ';
  if (error != std::errc{} || digits > kSizeDigitsMax || !clean || end > kSizeLineBytesMax ||
      line.find('\n') != std::string_view::npos) {
    return {Step::Kind::kBad};
  }
  part_ = left_ == 0 ? Part::kTrailer : Part::kData;
  return {Step::Kind::kNeedMore, before + end + 2};
}

}  // namespace baedal::http
