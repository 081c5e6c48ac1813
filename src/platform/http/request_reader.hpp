#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "platform/http/message.hpp"
#include "platform/http/refusal.hpp"
#include "platform/http/server.hpp"

namespace baedal::http {

/// Turns the bytes of one connection into requests, without knowing where they come from: bytes go
/// in through room() and commit(), step() says what they make. Owns the buffers and uses them again
/// for every request, so that a connection at work allocates nothing. Header views point straight
/// into the input buffer. One thread.
///   while (reader.step() == Step::kNeedMore) { read into reader.room(); reader.commit(n); }
///   reader.fill(request);  …answer…  reader.next();
class RequestReader {
 public:
  enum class Step {
    kNeedMore,  ///< read more, then step() again
    kContinue,  ///< the client waits for "100 Continue" before it sends the body; then step() again
    kDone,      ///< a whole request: fill() gives it
    kStream,    ///< its headers, and the beginning of a body: see body_piece()
    kRefused,   ///< refusal() says why; nothing more can be read from this connection
  };

  explicit RequestReader(const ServerLimits& limits);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  /// Where the next bytes go. Never empty.
  [[nodiscard]] std::span<char> room();
  void commit(std::size_t bytes);
  [[nodiscard]] Step step();

  /// Whether no byte of the next request has come.
  [[nodiscard]] bool idle() const;
  /// Whether the headers of the present request are complete.
  [[nodiscard]] bool in_body() const;

  /// After kDone, kStream or kRefused: sets what is known of the request. Views are valid until
  /// next().
  void fill(Request& request) const;
  [[nodiscard]] const Refusal& refusal() const;
  /// After kDone or kStream, for who decides before fill(): as it sets them.
  [[nodiscard]] Method method() const;
  [[nodiscard]] std::string_view path() const;
  [[nodiscard]] bool keep_alive() const;
  [[nodiscard]] bool http_1_0() const;

  // After kStream the body comes in pieces: room(), commit() and step() go on until kDone.

  /// What has come of the body and was not dropped; valid until the next step() or drop.
  [[nodiscard]] std::string_view body_piece() const;
  void drop_body_piece();
  /// The length of the body; nullopt when it is chunked.
  [[nodiscard]] std::optional<std::uint64_t> body_length() const;
  /// Whether the client waits for "100 Continue" before it sends the body.
  [[nodiscard]] bool wants_continue() const;

  /// What has come behind the present request.
  [[nodiscard]] std::string_view unread() const;

  /// Forgets the present request; what came after it stays.
  void next();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baedal::http
