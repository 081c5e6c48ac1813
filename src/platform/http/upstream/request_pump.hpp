#pragma once

#include <chrono>
#include <memory>

#include "kernel/async/task.hpp"
#include "platform/http/body_stream.hpp"
#include "platform/http/upstream/pool.hpp"

namespace baedal::http {

/// Carries the body of a request to an upstream, piece by piece and at its pace, while the answer
/// may already be coming. Owned by its connection; when that one is dropped before the body's end,
/// the pump takes it over and drops it when nobody writes to it any more.
class RequestPump : public std::enable_shared_from_this<RequestPump> {
 public:
  enum class State {
    kRunning,
    kDone,         ///< all of it was sent
    kSourceBroke,  ///< the client ended too early
    kTargetBroke,  ///< the upstream takes no more
  };

  /// Begins; `connection` has the head of the request behind it. `answer_timeout` begins to count
  /// when the body has been sent; 0: none.
  static void start(UpstreamConnection& connection, std::shared_ptr<BodyStream> source,
                    bool chunked, std::chrono::milliseconds idle_timeout,
                    std::chrono::milliseconds answer_timeout);

  [[nodiscard]] State state() const { return state_; }
  /// The head of the answer is there: its time no longer runs.
  void answered() { answered_ = true; }
  /// Ends the pump soon, and `lease` with it.
  void end_with(UpstreamLease lease);

 private:
  static Task<void> run(std::shared_ptr<RequestPump> self);
  Task<State> carry();
  [[nodiscard]] Task<bool> write(std::string_view piece);

  UpstreamConnection* connection_ = nullptr;
  std::shared_ptr<BodyStream> source_;
  bool chunked_ = false;
  std::chrono::milliseconds idle_timeout_{0};
  std::chrono::milliseconds answer_timeout_{0};
  bool answered_ = false;
  State state_ = State::kRunning;
  UpstreamLease kept_;
};

}  // namespace baedal::http
