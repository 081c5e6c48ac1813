#include "platform/http/request_reader.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "kernel/text.hpp"
#include "platform/http/message_parser.hpp"
#include "platform/http/target.hpp"

namespace baedal::http {
namespace {

constexpr std::size_t kBufferBytes = 2 * 1024;           ///< of a connection that does little
constexpr std::size_t kBufferBytesKept = 32 * 1024;      ///< more is given back between requests
constexpr std::size_t kBodyInPlaceBytesMax = 16 * 1024;  ///< such a body stays behind its headers
constexpr std::size_t kReadBytesMin = 1024;
constexpr std::size_t kRequestIdBytesMax = 128;

/// Of a target that was looked at already, or was refused.
Target parts_of(std::string_view target) {
  if (!target.starts_with('/')) {
    if (const auto parsed = parse_target(target)) return *parsed;
  }
  const std::size_t mark = std::min(target.find('?'), target.size());
  return {{}, target.substr(0, mark), target.substr(std::min(mark + 1, target.size()))};
}

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= kRequestIdBytesMax &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

}  // namespace

struct RequestReader::Impl {
  explicit Impl(const ServerLimits& server_limits) : limits(server_limits), parser(limits) {}

  void start() {
    parser.start();
    refusal.reset();
    plain_target.clear();
    may_skip_line = true;
    continued = streaming = false;
  }

  Step refuse(const Refusal& why) {
    refusal = why;
    return Step::kRefused;
  }

  [[nodiscard]] const ParsedMessage& message() const { return parser.message(); }
  [[nodiscard]] const char* base() const { return buffer.get() + message_at; }
  [[nodiscard]] std::string_view seen() const { return {base(), end - message_at}; }

  /// Gives the parser what is unread.
  void put() {
    at = message_at + parser.put(seen(), at - message_at);
    refusal = message().refusal;
  }

  Step step_headers();
  Step check_headers();
  void place_body();
  Step step_body();
  Step begin_stream();
  std::optional<Refusal> check_target();
  [[nodiscard]] bool has_too_many_trailers() const {
    return message().field_lines > limits.headers_max ||
           message().trailer_bytes > limits.header_bytes_max;
  }

  /// The target as everyone behind the reader sees it.
  [[nodiscard]] std::string_view target() const {
    return plain_target.empty() ? message().target.in(base()) : std::string_view{plain_target};
  }

  void compact() {
    if (message_at == 0) return;
    std::memmove(buffer.get(), buffer.get() + message_at, end - message_at);
    at -= message_at;
    end -= message_at;
    message_at = 0;
  }

  /// Makes room for at least `bytes` behind what is there.
  void reserve(std::size_t bytes) {
    if (capacity - end < bytes) compact();
    if (capacity - end >= bytes) return;
    const std::size_t grown = std::max(capacity * 2, end + bytes);
    auto larger = std::make_unique_for_overwrite<char[]>(grown);
    std::memcpy(larger.get(), buffer.get(), end);
    buffer = std::move(larger);
    capacity = grown;
  }

  const ServerLimits& limits;
  MessageParser parser;
  std::optional<Refusal> refusal;
  std::unique_ptr<char[]> buffer = std::make_unique_for_overwrite<char[]>(kBufferBytes);
  std::size_t capacity = kBufferBytes;
  std::string plain_target;      ///< plain_form(), where that is not what was sent
  std::size_t message_at = 0;    ///< first byte of the present message
  std::size_t at = 0;            ///< first byte the parser has not taken
  std::size_t end = 0;           ///< behind the last byte read
  std::size_t header_bytes = 0;  ///< valid once the headers are done
  std::size_t body_bytes = 0;    ///< of a body in place
  bool may_skip_line = true;     ///< one empty line before a request is forgiven (RFC 9112 2.2)
  bool continued = false;
  bool streaming = false;  ///< views into the headers are in use: the buffer must not move
};

RequestReader::Step RequestReader::Impl::step_headers() {
  if (may_skip_line && seen().starts_with('\r')) {
    if (seen().size() < 2) return Step::kNeedMore;
    may_skip_line = false;
    if (seen().starts_with("\r\n")) message_at = at = at + 2;
  }
  if (at == end && !parser.started()) return Step::kNeedMore;
  put();
  if (refusal) return Step::kRefused;
  if (message().headers_done) return check_headers();
  if (end - message_at >= limits.header_bytes_max) {
    return refuse(refuse_headers_too_large(seen()));
  }
  return Step::kNeedMore;
}

RequestReader::Step RequestReader::Impl::check_headers() {
  header_bytes = at - message_at;
  if (header_bytes > limits.header_bytes_max || message().field_lines > limits.headers_max) {
    return refuse({431, "headers-too-large", "The headers are too large, or too many."});
  }
  if (message().version == 10 && parser.chunked()) {
    return refuse({400, "bad-transfer-encoding", "HTTP/1.0 has no Transfer-Encoding."});
  }
  if (const auto why = check_target()) return refuse(*why);
  if (parser.done()) return Step::kDone;
  place_body();
  if (limits.streamed_body_bytes_max > 0 && !parser.body_in_place()) return begin_stream();
  const bool waits = message().expects_continue && message().version == 11 && at == end;
  if (waits && !std::exchange(continued, true)) return Step::kContinue;
  return step_body();
}

std::optional<Refusal> RequestReader::Impl::check_target() {
  const std::string_view host = message().host.in(base());
  if (message().hosts > 1 || (message().hosts == 0 && message().version == 11)) {
    return Refusal{400, "bad-host", "There must be one Host header."};
  }
  if (message().hosts == 1 && !is_authority(host)) {
    return Refusal{400, "bad-host", "Host is not host[:port]."};
  }
  const auto target = parse_target(message().target.in(base()));
  const bool asterisk = target && target->path == "*";
  const bool connects =
      message().method == Method::kOther && message().method_text.in(base()) == "CONNECT";
  if (!target || connects || (asterisk && message().method != Method::kOptions)) {
    return Refusal{400, "bad-target", "The request target is not well formed."};
  }
  if (message().hosts == 1 && !target->authority.empty() && !iequals(target->authority, host)) {
    return Refusal{400, "bad-host", "Host and the request target name different hosts."};
  }
  // Nobody behind may see another path than who was asked whether it may be asked for.
  const bool escapes = target->path.find('%') != std::string_view::npos;
  if (escapes || !target->authority.empty()) plain_target = plain_form(*target);
  return std::nullopt;
}

void RequestReader::Impl::place_body() {
  const auto length = parser.content_length();
  if (parser.chunked() || !length || *length > kBodyInPlaceBytesMax) return;
  parser.leave_body_in_place();
  body_bytes = static_cast<std::size_t>(*length);
  const std::size_t present = std::min(end - at, body_bytes);
  reserve(body_bytes - present + 1);
}

/// A body that is here already, as most are, is no stream.
RequestReader::Step RequestReader::Impl::begin_stream() {
  const Step step = step_body();
  if (step != Step::kNeedMore) return step;
  // Room for what stays unparsed, and for what is read, without ever moving the headers again.
  reserve(limits.header_bytes_max + kBodyInPlaceBytesMax);
  streaming = true;
  return Step::kStream;
}

RequestReader::Step RequestReader::Impl::step_body() {
  // Beast 1.81 asserts on a last chunk cut after its first line, when that makes less than the five
  // bytes every rest of a chunked body has.
  const std::size_t bytes_min = parser.chunked() ? 5 : 1;
  while (end - at >= bytes_min) {
    put();
    if (refusal) return Step::kRefused;
    if (parser.done() && !has_too_many_trailers()) return Step::kDone;
    if (parser.needs_more() || parser.done()) break;
  }
  if (has_too_many_trailers() || end - at >= limits.header_bytes_max) {
    return refuse({431, "headers-too-large", "A chunk header or the trailers are too large."});
  }
  return Step::kNeedMore;
}

RequestReader::RequestReader(const ServerLimits& limits) : impl_(std::make_unique<Impl>(limits)) {}
RequestReader::~RequestReader() = default;

std::span<char> RequestReader::room() {
  Impl& self = *impl_;
  const bool body_apart = self.message().headers_done && !self.parser.body_in_place();
  if (body_apart) {
    // What the parser took of the body is elsewhere: its place is free again.
    const std::size_t body_at = self.message_at + self.header_bytes;
    std::memmove(self.buffer.get() + body_at, self.buffer.get() + self.at, self.end - self.at);
    self.end -= self.at - body_at;
    self.at = body_at;
  }
  if (!self.streaming) self.reserve(body_apart ? kBodyInPlaceBytesMax : kReadBytesMin);
  return {self.buffer.get() + self.end, self.capacity - self.end};
}

void RequestReader::commit(std::size_t bytes) { impl_->end += bytes; }

RequestReader::Step RequestReader::step() {
  if (impl_->refusal) return Step::kRefused;
  return impl_->message().headers_done ? impl_->step_body() : impl_->step_headers();
}

bool RequestReader::idle() const { return impl_->message_at == impl_->end; }

bool RequestReader::in_body() const { return impl_->message().headers_done; }

void RequestReader::fill(Request& request) const {
  const ParsedMessage& message = impl_->message();
  const char* const base = impl_->base();
  request.method = message.method;
  request.method_text = message.method_text.in(base);
  request.target = impl_->target();
  const Target parts = parts_of(request.target);
  request.path = parts.path;
  request.query = parts.query;
  request.headers.clear();
  request.request_id.clear();
  for (const Field& field : message.fields) {
    const HeaderView& view =
        request.headers.emplace_back(field.name.in(base), field.value.in(base));
    if (iequals(view.name, "X-Request-Id") && is_request_id(view.value)) {
      request.request_id = view.value;
    }
  }
  request.body = message.body;
  if (impl_->parser.body_in_place()) request.body = {base + impl_->header_bytes, impl_->body_bytes};
  if (impl_->streaming) request.body = {};
  request.stream.reset();
  request.stream_length.reset();
  request.link_base = "http://";
  request.link_base += message.host.in(base);
  request.path_values.clear();
  request.route = request.forwarded_for = {};
  request.trace = {};
  request.principal.reset();
  request.attributes.clear();
}

std::string_view RequestReader::body_piece() const { return impl_->message().body; }

void RequestReader::drop_body_piece() { impl_->parser.drop_body(); }

std::optional<std::uint64_t> RequestReader::body_length() const {
  return impl_->parser.chunked() ? std::nullopt : impl_->parser.content_length();
}

bool RequestReader::wants_continue() const {
  return impl_->message().expects_continue && impl_->message().version == 11 &&
         impl_->at == impl_->end && impl_->message().body.empty();
}

const Refusal& RequestReader::refusal() const { return *impl_->refusal; }

Method RequestReader::method() const { return impl_->message().method; }

std::string_view RequestReader::path() const { return parts_of(impl_->target()).path; }

bool RequestReader::keep_alive() const { return !impl_->refusal && impl_->parser.keep_alive(); }

bool RequestReader::http_1_0() const { return impl_->message().version == 10; }

std::string_view RequestReader::unread() const {
  return {impl_->buffer.get() + impl_->at, impl_->end - impl_->at};
}

void RequestReader::next() {
  Impl& self = *impl_;
  self.message_at = self.at;
  if (self.message_at == self.end) {
    self.message_at = self.at = self.end = 0;
    if (self.capacity > kBufferBytesKept) {
      self.buffer = std::make_unique_for_overwrite<char[]>(kBufferBytes);
      self.capacity = kBufferBytes;
    }
  }
  self.start();
}

}  // namespace baedal::http
