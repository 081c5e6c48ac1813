#include "platform/http/request_reader.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "kernel/text.hpp"
#include "platform/http/target.hpp"

namespace baedal::http {
namespace {

namespace beast = boost::beast;
using BeastError = beast::http::error;
using beast::error_code;

constexpr std::size_t kBufferBytes = 2 * 1024;           ///< of a connection that does little
constexpr std::size_t kBufferBytesKept = 32 * 1024;      ///< more is given back between requests
constexpr std::size_t kBodyInPlaceBytesMax = 16 * 1024;  ///< such a body stays behind its headers
constexpr std::size_t kReadBytesMin = 1024;
constexpr std::size_t kRequestIdBytesMax = 128;

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

/// What the parser found. Beast checks the grammar; what it lets pass and we do not is refused
/// here.
struct Message {
  const char* base = nullptr;  ///< first byte of the message, now
  std::size_t bytes = 0;       ///< of it in the buffer
  beast::http::verb verb = beast::http::verb::unknown;
  Slice method;
  Slice target;
  Slice host;
  int version = 0;  ///< 10 or 11; 0: no request line yet
  std::vector<Field> fields;
  std::size_t field_lines = 0;
  int hosts = 0;
  int content_lengths = 0;
  bool expects_continue = false;
  bool headers_done = false;
  std::optional<Refusal> refusal;
  std::string body;  ///< unless it stays in the buffer

  void clear() {
    verb = beast::http::verb::unknown;
    method = target = host = {};
    version = hosts = content_lengths = 0;
    fields.clear();
    field_lines = 0;
    expects_continue = headers_done = false;
    refusal.reset();
    body.clear();
    if (body.capacity() > kBufferBytesKept) body = {};
  }

  [[nodiscard]] Slice slice(beast::string_view text) const {
    return {static_cast<std::size_t>(text.data() - base), text.size()};
  }
};

/// Whether Beast joined a header value from several lines (obs-fold): then it is a copy, or there
/// is a line end between the colon and it.
bool is_folded(const Message& message, beast::string_view name, beast::string_view value) {
  const std::less<const char*> before;
  const char* const end = message.base + message.bytes;
  if (before(value.data(), message.base) || before(end, value.data())) return true;
  const char* const colon = name.data() + name.size();
  return !std::all_of(colon + 1, value.data(), [](char c) { return c == ' ' || c == '\t'; });
}

class Parser final : public beast::http::basic_parser<true> {
 public:
  explicit Parser(Message& message) : message_(message) {}

  /// The body is not copied: it stays where it was read.
  void leave_body_in_place() { body_in_place_ = true; }
  [[nodiscard]] bool body_in_place() const { return body_in_place_; }

 private:
  void refuse(error_code& error, int status, std::string_view code, std::string_view detail) {
    message_.refusal = Refusal{status, code, detail};
    error = BeastError::bad_field;
  }

  void on_request_impl(beast::http::verb verb, beast::string_view method, beast::string_view target,
                       int version, error_code&) override {
    message_.verb = verb;
    message_.method = message_.slice(method);
    message_.target = message_.slice(target);
    message_.version = version;
  }

  void on_field_impl(beast::http::field field, beast::string_view name, beast::string_view value,
                     error_code& error) override {
    if (is_folded(message_, name, value)) {
      return refuse(error, 400, "bad-header", "A header is folded over several lines.");
    }
    ++message_.field_lines;
    if (message_.headers_done) return;  // trailers are checked and dropped
    message_.fields.push_back({message_.slice(name), message_.slice(value)});
    if (field == beast::http::field::host) {
      ++message_.hosts;
      message_.host = message_.slice(value);
    } else if (field == beast::http::field::content_length) {
      on_content_length(value, error);
    } else if (field == beast::http::field::transfer_encoding) {
      on_transfer_encoding(value, error);
    } else if (field == beast::http::field::expect) {
      message_.expects_continue = iequals(value, "100-continue");
      if (!message_.expects_continue) {
        refuse(error, 417, "unknown-expectation", "Only Expect: 100-continue is known.");
      }
    }
  }

  void on_content_length(beast::string_view value, error_code& error) {
    // Beast takes repeated equal lengths; another reader may not.
    if (++message_.content_lengths > 1 || value.find(',') != beast::string_view::npos) {
      refuse(error, 400, "bad-content-length", "Content-Length is given more than once.");
    }
  }

  void on_transfer_encoding(beast::string_view value, error_code& error) {
    // Beast would read a body of any coding but "chunked" as if there were none.
    if (value.empty()) {
      refuse(error, 400, "bad-transfer-encoding", "Transfer-Encoding is empty.");
    } else if (!iequals(value, "chunked")) {
      refuse(error, 501, "unknown-transfer-encoding",
             "The only known Transfer-Encoding is chunked.");
    }
  }

  std::size_t on_body_impl(beast::string_view body, error_code&) override {
    if (!body_in_place_) message_.body.append(body);
    return body.size();
  }

  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, error_code&) override {
    message_.body.append(body);
    return body.size();
  }

  void on_header_impl(error_code&) override { message_.headers_done = true; }
  void on_response_impl(int, beast::string_view, int, error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  Message& message_;
  bool body_in_place_ = false;
};

Method method_of(beast::http::verb verb) {
  switch (verb) {
    case beast::http::verb::get:
      return Method::kGet;
    case beast::http::verb::head:
      return Method::kHead;
    case beast::http::verb::post:
      return Method::kPost;
    case beast::http::verb::put:
      return Method::kPut;
    case beast::http::verb::patch:
      return Method::kPatch;
    case beast::http::verb::delete_:
      return Method::kDelete;
    case beast::http::verb::options:
      return Method::kOptions;
    default:
      return Method::kOther;
  }
}

/// For a version Beast does not take: another HTTP is 505, anything else is no HTTP at all.
Refusal refuse_version(std::string_view message) {
  const std::string_view line = message.substr(0, message.find_first_of("\r\n"));
  const std::string_view version = line.substr(line.rfind(' ') + 1);
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool named = version.size() == 8 && version.starts_with("HTTP/") && digit(version[5]) &&
                     version[6] == '.' && digit(version[7]);
  const bool ours = version == "HTTP/1.1" || version == "HTTP/1.0";
  if (!named || ours || line.starts_with("PRI ") ||
      !message.substr(line.size()).starts_with("\r")) {
    return {400, "bad-request-line", "The request line is not one of HTTP/1.1."};
  }
  return {505, "http-version", "Only HTTP/1.1 and HTTP/1.0 are spoken here."};
}

Refusal refuse_syntax(const error_code& error, std::string_view message) {
  if (error == BeastError::bad_version) return refuse_version(message);
  if (error == BeastError::header_limit) {
    if (message.find("\r\n") == std::string_view::npos) {
      return {414, "target-too-long", "The request line is too long."};
    }
    return {431, "headers-too-large", "The headers are too large."};
  }
  if (error == BeastError::body_limit) return {413, "body-too-large", "The body is too large."};
  if (error == BeastError::bad_method || error == BeastError::bad_target) {
    return {400, "bad-request-line", "The request line is not one of HTTP/1.1."};
  }
  if (error == BeastError::bad_content_length || error == BeastError::multiple_content_length) {
    return {400, "bad-content-length",
            "Content-Length is not one number, or contradicts another header."};
  }
  if (error == BeastError::bad_transfer_encoding) {
    return {400, "bad-transfer-encoding", "Transfer-Encoding contradicts another header."};
  }
  if (error == BeastError::bad_chunk || error == BeastError::bad_chunk_extension) {
    return {400, "bad-chunk", "The chunked body is broken."};
  }
  return {400, "bad-header", "A header is not well formed."};
}

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= kRequestIdBytesMax &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

}  // namespace

struct RequestReader::Impl {
  explicit Impl(const ServerLimits& server_limits) : limits(server_limits) { start(); }

  void start() {
    message.clear();
    parser.emplace(message);
    parser->header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
    parser->body_limit(limits.body_bytes_max);
    may_skip_line = true;
    continued = false;
  }

  Step refuse(Refusal refusal) {
    message.refusal = refusal;
    return Step::kRefused;
  }

  [[nodiscard]] std::string_view seen() const {
    return {buffer.get() + message_at, end - message_at};
  }

  /// Gives the parser what is unread. False when it needs more or refused.
  bool put() {
    message.base = buffer.get() + message_at;
    message.bytes = end - message_at;
    error_code error;
    at += parser->put({buffer.get() + at, end - at}, error);
    if (!error) return true;
    if (error != BeastError::need_more && !message.refusal) {
      message.refusal = refuse_syntax(error, seen());
    }
    return false;
  }

  Step step_headers();
  Step check_headers();
  void place_body();
  Step step_body();
  std::optional<Refusal> check_target() const;

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
  Message message;
  std::optional<Parser> parser;
  std::unique_ptr<char[]> buffer = std::make_unique_for_overwrite<char[]>(kBufferBytes);
  std::size_t capacity = kBufferBytes;
  std::size_t message_at = 0;    ///< first byte of the present message
  std::size_t at = 0;            ///< first byte the parser has not taken
  std::size_t end = 0;           ///< behind the last byte read
  std::size_t header_bytes = 0;  ///< valid once the headers are done
  std::size_t body_bytes = 0;    ///< of a body in place
  bool may_skip_line = true;     ///< one empty line before a request is forgiven (RFC 9112 2.2)
  bool continued = false;
};

RequestReader::Step RequestReader::Impl::step_headers() {
  if (may_skip_line && seen().starts_with('\r')) {
    if (seen().size() < 2) return Step::kNeedMore;
    may_skip_line = false;
    if (seen().starts_with("\r\n")) message_at = at = at + 2;
  }
  if (at == end && !parser->got_some()) return Step::kNeedMore;
  put();
  if (message.refusal) return Step::kRefused;
  if (message.headers_done) return check_headers();
  if (end - message_at >= limits.header_bytes_max) {
    return refuse(refuse_syntax(BeastError::header_limit, seen()));
  }
  return Step::kNeedMore;
}

RequestReader::Step RequestReader::Impl::check_headers() {
  header_bytes = at - message_at;
  if (header_bytes > limits.header_bytes_max || message.field_lines > limits.headers_max) {
    return refuse({431, "headers-too-large", "The headers are too large, or too many."});
  }
  if (message.version == 10 && parser->chunked()) {
    return refuse({400, "bad-transfer-encoding", "HTTP/1.0 has no Transfer-Encoding."});
  }
  if (const auto refusal = check_target()) return refuse(*refusal);
  if (parser->is_done()) return Step::kDone;
  place_body();
  const bool waits = message.expects_continue && message.version == 11 && at == end;
  if (waits && !std::exchange(continued, true)) return Step::kContinue;
  return step_body();
}

std::optional<Refusal> RequestReader::Impl::check_target() const {
  const char* const base = buffer.get() + message_at;
  const std::string_view host = message.host.in(base);
  if (message.hosts > 1 || (message.hosts == 0 && message.version == 11)) {
    return Refusal{400, "bad-host", "There must be one Host header."};
  }
  if (message.hosts == 1 && !is_authority(host)) {
    return Refusal{400, "bad-host", "Host is not host[:port]."};
  }
  const auto target = parse_target(message.target.in(base));
  const bool asterisk = target && target->path == "*";
  if (!target || (asterisk && message.verb != beast::http::verb::options)) {
    return Refusal{400, "bad-target", "The request target is not well formed."};
  }
  if (message.hosts == 1 && !target->authority.empty() && !iequals(target->authority, host)) {
    return Refusal{400, "bad-host", "Host and the request target name different hosts."};
  }
  return std::nullopt;
}

void RequestReader::Impl::place_body() {
  parser->eager(true);
  const auto length = parser->content_length();
  if (parser->chunked() || !length || *length > kBodyInPlaceBytesMax) return;
  parser->leave_body_in_place();
  body_bytes = static_cast<std::size_t>(*length);
  const std::size_t present = std::min(end - at, body_bytes);
  reserve(body_bytes - present + 1);
}

RequestReader::Step RequestReader::Impl::step_body() {
  // Beast 1.81 asserts on a last chunk cut after its first line, when that makes less than the five
  // bytes every rest of a chunked body has.
  const std::size_t bytes_min = parser->chunked() ? 5 : 1;
  while (end - at >= bytes_min && put()) {
    if (parser->is_done()) return Step::kDone;
  }
  if (message.refusal) return Step::kRefused;
  if (message.field_lines > limits.headers_max || end - at >= limits.header_bytes_max) {
    return refuse({431, "headers-too-large", "A chunk header or the trailers are too large."});
  }
  return Step::kNeedMore;
}

RequestReader::RequestReader(const ServerLimits& limits) : impl_(std::make_unique<Impl>(limits)) {}
RequestReader::~RequestReader() = default;

std::span<char> RequestReader::room() {
  Impl& self = *impl_;
  const bool body_apart = self.message.headers_done && !self.parser->body_in_place();
  if (body_apart) {
    // What the parser took of the body is elsewhere: its place is free again.
    const std::size_t body_at = self.message_at + self.header_bytes;
    std::memmove(self.buffer.get() + body_at, self.buffer.get() + self.at, self.end - self.at);
    self.end -= self.at - body_at;
    self.at = body_at;
  }
  self.reserve(body_apart ? kBodyInPlaceBytesMax : kReadBytesMin);
  return {self.buffer.get() + self.end, self.capacity - self.end};
}

void RequestReader::commit(std::size_t bytes) { impl_->end += bytes; }

RequestReader::Step RequestReader::step() {
  if (impl_->message.refusal) return Step::kRefused;
  return impl_->message.headers_done ? impl_->step_body() : impl_->step_headers();
}

bool RequestReader::idle() const { return impl_->message_at == impl_->end; }

bool RequestReader::in_body() const { return impl_->message.headers_done; }

void RequestReader::fill(Request& request) const {
  const Message& message = impl_->message;
  const char* const base = impl_->buffer.get() + impl_->message_at;
  request.method = method_of(message.verb);
  request.method_text = message.method.in(base);
  request.target = message.target.in(base);
  const auto target = parse_target(request.target);
  request.path = target ? target->path : request.target.substr(0, request.target.find('?'));
  request.query = target ? target->query : std::string_view{};
  request.headers.clear();
  request.request_id.clear();
  for (const Field& field : message.fields) {
    const HeaderView& view =
        request.headers.emplace_back(field.name.in(base), field.value.in(base));
    if (iequals(view.name, "X-Request-Id") && is_request_id(view.value)) {
      request.request_id = view.value;
    }
  }
  request.body = impl_->parser->body_in_place()
                     ? std::string_view{base + impl_->header_bytes, impl_->body_bytes}
                     : std::string_view{message.body};
  request.link_base = "http://";
  request.link_base += message.host.in(base);
  request.path_values.clear();
  request.route = {};
}

const Refusal& RequestReader::refusal() const { return *impl_->message.refusal; }

bool RequestReader::keep_alive() const {
  return !impl_->message.refusal && impl_->parser->keep_alive();
}

bool RequestReader::http_1_0() const { return impl_->message.version == 10; }

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
