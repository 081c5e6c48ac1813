#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "platform/clock/system_clock.hpp"
#include "platform/http/body_stream.hpp"
#include "platform/http/server_fixture.hpp"
#include "platform/http/upstream/upstream_client.hpp"

namespace baedal::http {

/// Accepts connections one after the other on a port of its own and lets `talk` have each.
class ScriptedUpstream {
 public:
  using Talk = std::function<void(int fd, int connection)>;

  explicit ScriptedUpstream(Talk talk) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::listen(fd_, 16);
    socklen_t size = sizeof address;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, talk = std::move(talk)] {
      for (int n = 0;; ++n) {
        const int client = ::accept(fd_, nullptr, nullptr);
        if (client < 0) return;
        ++connections;
        talk(client, n);
        ::close(client);
      }
    });
  }
  ~ScriptedUpstream() {
    ::shutdown(fd_, SHUT_RDWR);
    thread_.join();
    ::close(fd_);
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }

  static void write(int fd, std::string_view bytes) {
    ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  /// What comes until an empty line; less when the other side ends.
  static std::string read_head(int fd) {
    std::string head;
    char byte = 0;
    while (!head.ends_with("\r\n\r\n") && ::recv(fd, &byte, 1, 0) == 1) head += byte;
    return head;
  }

  std::atomic<int> connections{0};

 private:
  int fd_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

/// Gives every request to one upstream.
class Proxy final : public HttpHandler {
 public:
  Proxy(UpstreamClient& client, const Origin& origin) : client_(client), origin_(origin) {}
  Task<Response> handle(Request& request) override {
    UpstreamRequest out{.method = request.method_text, .target = request.target};
    out.headers = request.headers;
    out.body = request.body;
    out.stream = request.stream;
    out.stream_length = request.stream_length;
    out.upgrade = request.header("Upgrade").value_or("");
    auto sending = client_.send(origin_, out);
    auto answer = co_await sending;
    if (!answer) co_return Response{502, "text/plain", std::string{to_string(answer.error())}, {}};
    co_return std::move(*answer);
  }

 private:
  UpstreamClient& client_;
  const Origin& origin_;
};

class UpstreamClientTest : public ServerTest {
 protected:
  ~UpstreamClientTest() override {
    release_.set();
    proxy_server_.reset();
  }

  void start_all() {
    start();
    origin_ = origin_of(server_->port());
  }
  static Origin origin_of(std::uint16_t port) {
    return *Origin::parse("http://127.0.0.1:" + std::to_string(port));
  }
  UpstreamAnswer send(const UpstreamRequest& request) { return send_to(origin_, request); }
  UpstreamAnswer send_to(const Origin& origin, const UpstreamRequest& request) {
    return runtime_.run(client_.send(origin, request));
  }
  std::uint16_t start_proxy(const Origin& origin) {
    origin_ = origin;
    ServerLimits limits;
    limits.streamed_body_bytes_max = 1024 * 1024 * 1024;
    proxy_server_ = std::make_unique<Server>(runtime_, proxy_, limits);
    EXPECT_TRUE(proxy_server_->listen("127.0.0.1", 0));
    if (!runtime_.running()) runtime_.start();
    return proxy_server_->port();
  }

  SystemClock clock_;
  UpstreamClient client_{runtime_, clock_};
  Origin origin_;
  Proxy proxy_{client_, origin_};
  std::unique_ptr<Server> proxy_server_;
};

}  // namespace baedal::http
