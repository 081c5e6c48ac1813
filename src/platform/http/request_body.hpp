#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "kernel/async/sync.hpp"
#include "platform/http/body_stream.hpp"
#include "platform/http/refusal.hpp"
#include "platform/http/request_reader.hpp"

namespace baedal::http {

/// How long a client may take for a body.
struct BodyPatience {
  std::chrono::milliseconds each{};  ///< for one read, and for all of them before `rate_min` holds
  std::uint64_t rate_min = 0;        ///< bytes for each second of waiting; 0: none
};

/// The body of a request while it comes in: reads the client's connection only when it is asked
/// for more. Whoever reads it may outlive the request: then it reads nothing any more. The
/// connection's thread only.
class RequestBody final : public BodyStream {
 public:
  /// Borrows both until detach() is done.
  RequestBody(RequestReader& reader, Socket& client, BodyPatience patience)
      : reader_(reader), client_(client), patience_(patience) {}

  Task<Result<std::string_view>> read() override;
  void cancel() override { detached_ = true; }

  /// Ends all reading, the read under way included.
  Task<void> detach();
  /// Whether the body has come to its end, and was taken.
  [[nodiscard]] bool complete() const { return complete_; }
  /// Why the body is none; nullopt: nothing is wrong with it so far.
  [[nodiscard]] const std::optional<Refusal>& refusal() const { return refusal_; }
  /// Gives the read under way up when its time has passed.
  void expire(std::int64_t now_ms);

 private:
  Task<bool> read_more();
  [[nodiscard]] std::int64_t patience_ms() const;

  RequestReader& reader_;
  Socket& client_;
  const BodyPatience patience_;
  std::int64_t waited_ms_ = 0;    ///< for the client, in all
  std::uint64_t received_ = 0;    ///< bytes, in all
  std::int64_t deadline_ms_ = 0;  ///< 0: none
  std::optional<Refusal> refusal_;
  Event idle_;
  bool begun_ = false;
  bool continued_ = false;
  bool whole_ = false;  ///< nothing more will come of it
  bool complete_ = false;
  bool reading_ = false;
  bool expired_ = false;
  bool detached_ = false;
};

}  // namespace baedal::http
