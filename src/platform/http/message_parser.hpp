#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/message.hpp"
#include "platform/http/refusal.hpp"
#include "platform/http/server.hpp"

namespace baedal::http {

/// Part of the message, counted from its first byte: the buffer may move while it is read.
struct Slice {
  std::size_t at = 0;
  std::size_t size = 0;
  [[nodiscard]] std::string_view in(const char* base) const { return {base + at, size}; }
};

struct Field {
  Slice name;
  Slice value;
};

/// What was found in the bytes of one message so far.
struct ParsedMessage {
  Method method = Method::kOther;
  Slice method_text;
  Slice target;
  Slice host;
  int version = 0;  ///< 10 or 11; 0: no request line yet
  std::vector<Field> fields;
  std::size_t field_lines = 0;  ///< with the trailers
  std::size_t trailer_bytes = 0;
  int hosts = 0;
  int content_lengths = 0;
  bool expects_continue = false;
  bool headers_done = false;
  std::optional<Refusal> refusal;
  std::string body;  ///< unless it stays in the buffer

  /// Forgets all but the memory.
  void clear();
};

/// The grammar of HTTP/1.1 requests: Beast's, and what Beast lets pass and we do not (obs-fold,
/// repeated lengths, codings other than chunked). A usual head that is there whole is read without
/// Beast (usual_head.hpp). Does not know where the bytes are kept. One thread.
class MessageParser {
 public:
  /// kBeast: for the test that holds the two readings against each other.
  enum class Heads { kUsualFirst, kBeast };
  explicit MessageParser(const ServerLimits& limits, Heads heads = Heads::kUsualFirst);
  ~MessageParser();
  MessageParser(const MessageParser&) = delete;
  MessageParser& operator=(const MessageParser&) = delete;

  /// Begins the next message.
  void start();
  /// Parses on at `from` in `bytes`, which start with the message's first byte. Returns how far it
  /// came; stops behind the headers once. What is not parsed must be given again, with more.
  [[nodiscard]] std::size_t put(std::string_view bytes, std::size_t from);
  /// The body is not copied to ParsedMessage::body: it stays where it was read. After the headers.
  void leave_body_in_place();
  /// Empties ParsedMessage::body: what was there is done with.
  void drop_body();

  [[nodiscard]] const ParsedMessage& message() const;
  [[nodiscard]] bool started() const;
  [[nodiscard]] bool done() const;
  /// Whether the last put() ended because more bytes are needed.
  [[nodiscard]] bool needs_more() const;

  // Once the headers are done:
  [[nodiscard]] bool chunked() const;
  [[nodiscard]] bool keep_alive() const;
  [[nodiscard]] bool body_in_place() const;
  [[nodiscard]] std::optional<std::uint64_t> content_length() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The refusal of `bytes` whose headers do not end within the limit.
[[nodiscard]] Refusal refuse_headers_too_large(std::string_view bytes);

}  // namespace baedal::http
