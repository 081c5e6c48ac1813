#include "platform/http/client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <memory>

#include "kernel/text.hpp"
#include "platform/http/target.hpp"

namespace baedal::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using beast::error_code;

struct Address {
  std::string authority;  ///< for Host
  std::string host;
  std::string port;
  std::string target;
  bool secure = false;
};

Result<Address> parse_url(std::string_view url) {
  const auto target = parse_target(url);
  const bool is_plain = iequals(url.substr(0, 7), "http://");
  const bool is_secure = iequals(url.substr(0, 8), "https://");
  if (!target || target->authority.empty() || !(is_plain || is_secure)) {
    return fail(ErrorKind::kInvalid, "bad-url",
                "'" + std::string{url} + "' is no http:// or https:// URL.");
  }
  Address address;
  address.secure = is_secure;
  address.authority = target->authority;
  std::string_view host = target->authority;
  const std::size_t colon = host.rfind(':');
  const bool has_port = colon != std::string_view::npos && host.find(']', colon) == host.npos;
  address.port = has_port ? host.substr(colon + 1) : is_secure ? "443" : "80";
  if (has_port) host = host.substr(0, colon);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  address.host = host;
  address.target = target->path;
  if (!target->query.empty()) address.target.append("?").append(target->query);
  return address;
}

/// One exchange. Asynchronous inside, since only so operations can have a deadline; each step runs
/// the loop until it is over.
class Exchange {
 public:
  explicit Exchange(std::chrono::milliseconds timeout) { stream_.expires_after(timeout); }

  error_code connect(const Address& address) {
    error_code error;
    const auto endpoints = tcp::resolver(loop_).resolve(address.host, address.port, error);
    if (error) return error;
    stream_.async_connect(endpoints,
                          [&](error_code result, const tcp::endpoint&) { error = result; });
    run();
    return error;
  }

  /// Everything after it goes through TLS, to that host and nobody else.
  error_code secure(const Address& address, const ClientTrust& trust) {
    error_code error;
    tls_ = std::make_unique<Tls>(stream_);
    if (trust.ca_file.empty()) {
      tls_->context.set_default_verify_paths(error);
    } else {
      tls_->context.load_verify_file(trust.ca_file, error);
    }
    if (error) return error;
    if (error = prepare_session(address.host); error) return error;
    tls_->stream.async_handshake(asio::ssl::stream_base::client,
                                 [&](error_code result) { error = result; });
    run();
    return error;
  }

  template <class Message>
  error_code write(Message& message) {
    error_code error;
    const auto done = [&](error_code result, std::size_t) { error = result; };
    if (tls_) {
      beast::http::async_write(tls_->stream, message, done);
    } else {
      beast::http::async_write(stream_, message, done);
    }
    run();
    return error;
  }

  template <class Parser>
  error_code read(Parser& parser) {
    error_code error;
    const auto done = [&](error_code result, std::size_t) { error = result; };
    if (tls_) {
      beast::http::async_read(tls_->stream, buffer_, parser, done);
    } else {
      beast::http::async_read(stream_, buffer_, parser, done);
    }
    run();
    return error;
  }

 private:
  struct Tls {
    explicit Tls(beast::tcp_stream& below) : stream(below, context) {}
    asio::ssl::context context{asio::ssl::context::tls_client};
    asio::ssl::stream<beast::tcp_stream&> stream;
  };

  error_code prepare_session(const std::string& host) {
    error_code error;
    SSL* session = tls_->stream.native_handle();
    SSL_set_min_proto_version(session, TLS1_2_VERSION);
    tls_->stream.set_verify_mode(asio::ssl::verify_peer, error);
    if (error) return error;
    tls_->stream.set_verify_callback(asio::ssl::host_name_verification(host), error);
    if (error) return error;
    // An address is no name of a server.
    asio::ip::make_address(host, error);
    if (error) SSL_set_tlsext_host_name(session, host.c_str());
    return {};
  }

  void run() {
    loop_.restart();
    loop_.run();
  }

  asio::io_context loop_{1};
  beast::tcp_stream stream_{loop_};
  std::unique_ptr<Tls> tls_;  ///< null: as it is
  beast::flat_buffer buffer_;
};

std::unexpected<Error> no_answer(const Address& address, const error_code& error) {
  const std::string why = error == beast::error::timeout ? "no answer in time" : error.message();
  return unavailable("no-answer", address.authority + ": " + why + ".");
}

}  // namespace

std::optional<std::string_view> ClientResponse::header(std::string_view name) const {
  for (const Header& header : headers) {
    if (iequals(header.name, name)) return header.value;
  }
  return std::nullopt;
}

Result<ClientResponse> request(std::string_view method, std::string_view url,
                               const std::vector<Header>& headers, std::string_view body,
                               std::chrono::milliseconds timeout, const ClientTrust& trust) {
  auto address = parse_url(url);
  if (!address) return pass_on(address);
  beast::http::request<beast::http::span_body<const char>> message;
  message.method_string(method);
  message.target(address->target);
  message.version(11);
  message.set(beast::http::field::host, address->authority);
  message.set(beast::http::field::connection, "close");
  for (const Header& header : headers) message.insert(header.name, header.value);
  message.body() = {body.data(), body.size()};
  message.prepare_payload();

  beast::http::response_parser<beast::http::string_body> parser;
  parser.body_limit(kClientBodyBytesMax);
  parser.skip(method == "HEAD");
  Exchange exchange(timeout);
  if (const auto error = exchange.connect(*address)) return no_answer(*address, error);
  if (address->secure) {
    if (const auto error = exchange.secure(*address, trust)) return no_answer(*address, error);
  }
  // A server that refuses early closes while we still write: its answer counts, if it came.
  const auto write_error = exchange.write(message);
  if (const auto error = exchange.read(parser)) {
    return no_answer(*address, write_error ? write_error : error);
  }
  ClientResponse answer;
  answer.status = static_cast<int>(parser.get().result_int());
  for (const auto& field : parser.get()) {
    answer.headers.push_back({std::string{field.name_string()}, std::string{field.value()}});
  }
  answer.body = std::move(parser.get().body());
  return answer;
}

}  // namespace baedal::http
