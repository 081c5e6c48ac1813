#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "platform/http/body_stream.hpp"
#include "platform/http/upstream/chunked_body.hpp"
#include "platform/http/upstream/pool.hpp"

namespace baedal::http {

/// The body of an answer while it comes in: what the connection has read, then what it reads.
/// Keeps the connection until the end, and gives it back if it can be used again.
class AnswerBody final : public BodyStream {
 public:
  /// `left`: bytes of a body of known length; nullopt: chunked, or (without keep-alive) until the
  /// connection ends. `decoder` continues where the caller stopped, `first` is what it has got.
  AnswerBody(UpstreamLease lease, std::optional<std::uint64_t> left,
             std::optional<ChunkedBody> decoder, std::string first);

  Task<Result<std::string_view>> read() override;
  void cancel() override;

 private:
  bool next_piece(std::string_view& piece);
  void finish();

  UpstreamLease lease_;
  std::optional<std::uint64_t> left_;
  std::optional<ChunkedBody> decoder_;
  std::string first_;
  bool first_given_ = false;
  bool over_ = false;
  bool broken_ = false;
};

}  // namespace baedal::http
