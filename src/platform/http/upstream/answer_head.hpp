#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "platform/http/message.hpp"

namespace baedal::http {

/// Status line and headers of an answer. Views into the bytes it was read from.
struct AnswerHead {
  int status = 0;
  std::vector<HeaderView> headers;  ///< but Connection and what frames the answer
  std::size_t bytes = 0;            ///< with the empty line
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = false;
  std::string_view connection;  ///< what Connection says; of several, the first

  [[nodiscard]] std::string_view header(std::string_view name) const;
};

enum class HeadStep { kNeedMore, kDone, kBad };

/// Reads the head at the front of `bytes` into `head`, whose memory is used again. As strict as the
/// server is with requests: what two readers could understand differently (both lengths, repeated
/// lengths, obs-fold, bare line ends, codings other than chunked) is kBad, since whoever sits
/// behind must not be able to make up answers for others.
[[nodiscard]] HeadStep read_head(std::string_view bytes, AnswerHead& head);

}  // namespace baedal::http
