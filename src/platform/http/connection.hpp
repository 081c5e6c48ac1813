#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kernel/async/task.hpp"
#include "platform/http/message.hpp"
#include "platform/http/request_reader.hpp"
#include "platform/http/socket.hpp"

namespace baedal::http {

class RequestBody;
class Shard;

/// One client: reads requests, has them answered, writes the answers, in order, until one side has
/// enough. One coroutine; lives in the frame that awaits it. The shard's thread only.
class Connection {
 public:
  Connection(Shard& shard, Socket socket);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Serves until the connection is over.
  Task<void> run();
  /// Answers as `why` says and is over.
  Task<void> turn_away(Refusal why);

  /// Acts on the deadline of what this connection waits for, when it has passed.
  void expire(std::int64_t now_ms);
  /// Ends the connection if it is between two requests.
  void close_if_idle();
  /// Closes the socket; run() ends as soon as it notices.
  void cut();

  /// Where the shard keeps it.
  [[nodiscard]] std::size_t place() const { return place_; }
  void set_place(std::size_t place) { place_ = place; }

 private:
  using Step = RequestReader::Step;
  enum class Waiting { kNothing, kIdle, kHeaders, kBody, kWrite, kFarewell };

  Task<void> serve();
  Task<bool> shake_hands();
  Task<bool> finish_exchange();
  bool wait_for_bytes();
  Step received(std::size_t bytes);
  Step cut_short();
  void await_with_deadline(Waiting what, std::chrono::milliseconds timeout);
  [[nodiscard]] bool must_shed(Step step);
  void begin_request(Step step);
  void open_body();
  [[nodiscard]] bool stays_open(Step step) const;
  void fail(std::string_view what);
  void refuse(const Refusal& refusal);
  void compose(bool keep_alive, std::chrono::nanoseconds took);
  Task<bool> send_stream();
  Task<void> linger();

  Shard& shard_;
  Socket socket_;
  const std::string peer_;
  RequestReader reader_;
  Request request_;
  Response response_;
  std::string out_;              ///< head, and the body when it is small
  std::string_view body_apart_;  ///< a large body, written from where it is
  std::optional<Refusal> cut_short_;
  std::shared_ptr<RequestBody> body_;  ///< of the present request, when it is a stream
  Waiting waiting_ = Waiting::kNothing;
  std::int64_t deadline_ms_ = 0;
  bool expired_ = false;
  bool linger_ = false;
  bool chunked_ = false;
  BodyStream* stream_ = nullptr;  ///< being sent
  std::size_t place_ = 0;
};

}  // namespace baedal::http
