#include "platform/http/message_parser.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <functional>

#include "kernel/text.hpp"
#include "platform/http/usual_head.hpp"

namespace baedal::http {
namespace {

namespace beast = boost::beast;
using BeastError = beast::http::error;
using beast::error_code;

/// A body string larger than this is given back between messages.
constexpr std::size_t kBodyBytesKept = 32 * 1024;

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

/// Whether Beast joined a header value from several lines (obs-fold): then it is a copy, or there
/// is a line end between the colon and it.
bool is_folded(std::string_view bytes, beast::string_view name, beast::string_view value) {
  const std::less<const char*> before;
  const char* const end = bytes.data() + bytes.size();
  if (before(value.data(), bytes.data()) || before(end, value.data())) return true;
  const char* const colon = name.data() + name.size();
  return !std::all_of(colon + 1, value.data(), [](char c) { return c == ' ' || c == '\t'; });
}

class Parser final : public beast::http::basic_parser<true> {
 public:
  Parser(ParsedMessage& message, const std::string_view& bytes, const bool& body_in_place)
      : message_(message), bytes_(bytes), body_in_place_(body_in_place) {}

 private:
  void refuse(error_code& error, int status, std::string_view code, std::string_view detail) {
    message_.refusal = Refusal{status, code, detail};
    error = BeastError::bad_field;
  }

  void on_request_impl(beast::http::verb verb, beast::string_view method, beast::string_view target,
                       int version, error_code&) override {
    message_.method = method_of(verb);
    message_.method_text = slice(method);
    message_.target = slice(target);
    message_.version = version;
  }

  void on_field_impl(beast::http::field field, beast::string_view name, beast::string_view value,
                     error_code& error) override {
    if (is_folded(bytes_, name, value)) {
      return refuse(error, 400, "bad-header", "A header is folded over several lines.");
    }
    ++message_.field_lines;
    if (message_.headers_done) {  // trailers are checked and dropped
      message_.trailer_bytes += name.size() + value.size();
      return;
    }
    message_.fields.push_back({slice(name), slice(value)});
    if (field == beast::http::field::host) {
      ++message_.hosts;
      message_.host = slice(value);
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

  [[nodiscard]] Slice slice(beast::string_view text) const {
    return {static_cast<std::size_t>(text.data() - bytes_.data()), text.size()};
  }

  ParsedMessage& message_;
  const std::string_view& bytes_;  ///< of the message, as given to put()
  const bool& body_in_place_;      ///< the body is not copied: it stays where it was read
};

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
  if (error == BeastError::header_limit) return refuse_headers_too_large(message);
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

}  // namespace

void ParsedMessage::clear() {
  method = Method::kOther;
  method_text = target = host = {};
  version = hosts = content_lengths = 0;
  fields.clear();
  field_lines = trailer_bytes = 0;
  expects_continue = headers_done = false;
  refusal.reset();
  body.clear();
  if (body.capacity() > kBodyBytesKept) body = {};
}

struct MessageParser::Impl {
  const ServerLimits& limits;
  const Heads heads;
  ParsedMessage message{};
  std::string_view bytes{};
  std::optional<UsualHead> usual{};  ///< then there is no parser: only a body to be counted
  std::uint64_t body_left = 0;       ///< of a usual message
  std::optional<Parser> parser{};
  bool body_in_place = false;
  bool needs_more = false;

  [[nodiscard]] std::uint64_t body_bytes_max() const {
    const std::uint64_t streamed = limits.streamed_body_bytes_max;
    return streamed > 0 ? streamed : limits.body_bytes_max;
  }
  bool read_usual();
  std::size_t put_usual_body(std::size_t from);
  void make_parser();
};

/// Once for each message, when its first bytes come.
bool MessageParser::Impl::read_usual() {
  const std::string_view head = bytes.substr(0, limits.header_bytes_max);
  if (heads == Heads::kUsualFirst) usual = read_usual_head(head, message);
  body_left = usual ? usual->content_length.value_or(0) : 0;
  if (usual && body_left <= body_bytes_max()) return true;
  usual.reset();
  message.clear();
  return false;
}

std::size_t MessageParser::Impl::put_usual_body(std::size_t from) {
  const std::string_view body = bytes.substr(from, body_left);
  if (!body_in_place) message.body.append(body);
  body_left -= body.size();
  return from + body.size();
}

void MessageParser::Impl::make_parser() {
  parser.emplace(message, bytes, body_in_place);
  parser->header_limit(static_cast<std::uint32_t>(limits.header_bytes_max));
  parser->body_limit(body_bytes_max());
}

MessageParser::MessageParser(const ServerLimits& limits, Heads heads)
    : impl_(new Impl{limits, heads}) {}
MessageParser::~MessageParser() = default;

void MessageParser::start() {
  impl_->message.clear();
  impl_->usual.reset();
  impl_->parser.reset();  // Beast's parsers serve once
  impl_->body_in_place = impl_->needs_more = false;
}

std::size_t MessageParser::put(std::string_view bytes, std::size_t from) {
  impl_->bytes = bytes;
  if (impl_->usual) return impl_->put_usual_body(from);
  if (!impl_->parser) {
    if (impl_->read_usual()) return impl_->usual->bytes;
    impl_->make_parser();
  }
  const bool in_headers = !impl_->message.headers_done;
  error_code error;
  from += impl_->parser->put({bytes.data() + from, bytes.size() - from}, error);
  impl_->needs_more = error == BeastError::need_more;
  if (error && !impl_->needs_more && !impl_->message.refusal) {
    impl_->message.refusal = refuse_syntax(error, bytes);
  }
  // Behind the headers the caller decides; the body may come in one go.
  if (in_headers && impl_->message.headers_done) impl_->parser->eager(true);
  return from;
}

void MessageParser::leave_body_in_place() { impl_->body_in_place = true; }
void MessageParser::drop_body() { impl_->message.body.clear(); }
const ParsedMessage& MessageParser::message() const { return impl_->message; }
bool MessageParser::started() const { return impl_->usual || impl_->parser; }
bool MessageParser::needs_more() const { return impl_->needs_more; }
bool MessageParser::body_in_place() const { return impl_->body_in_place; }

bool MessageParser::done() const {
  if (impl_->usual) return impl_->body_left == 0;
  return impl_->parser && impl_->parser->is_done();
}
bool MessageParser::chunked() const { return impl_->parser && impl_->parser->chunked(); }
bool MessageParser::keep_alive() const {
  return impl_->usual || (impl_->parser && impl_->parser->keep_alive());
}

std::optional<std::uint64_t> MessageParser::content_length() const {
  if (impl_->usual) return impl_->usual->content_length;
  if (!impl_->parser) return std::nullopt;
  const auto length = impl_->parser->content_length();
  return length ? std::optional{*length} : std::nullopt;
}

Refusal refuse_headers_too_large(std::string_view bytes) {
  if (bytes.find("\r\n") == std::string_view::npos) {
    return {414, "target-too-long", "The request line is too long."};
  }
  return {431, "headers-too-large", "The headers are too large."};
}

}  // namespace baedal::http
