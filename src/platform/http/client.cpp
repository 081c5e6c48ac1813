#include "platform/http/client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

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
};

Result<Address> parse_url(std::string_view url) {
  const auto target = parse_target(url);
  if (!target || target->authority.empty() || !iequals(url.substr(0, 7), "http://")) {
    return fail(ErrorKind::kInvalid, "bad-url", "'" + std::string{url} + "' is no http:// URL.");
  }
  Address address;
  address.authority = target->authority;
  std::string_view host = target->authority;
  const std::size_t colon = host.rfind(':');
  const bool has_port = colon != std::string_view::npos && host.find(']', colon) == host.npos;
  address.port = has_port ? host.substr(colon + 1) : "80";
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

  template <class Message>
  error_code write(Message& message) {
    error_code error;
    beast::http::async_write(stream_, message,
                             [&](error_code result, std::size_t) { error = result; });
    run();
    return error;
  }

  template <class Parser>
  error_code read(Parser& parser) {
    error_code error;
    beast::http::async_read(stream_, buffer_, parser,
                            [&](error_code result, std::size_t) { error = result; });
    run();
    return error;
  }

 private:
  void run() {
    loop_.restart();
    loop_.run();
  }

  asio::io_context loop_{1};
  beast::tcp_stream stream_{loop_};
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
                               std::chrono::milliseconds timeout) {
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
