// The bytes of one connection to the whole program: every role in one process, stores in a
// temporary folder. Whatever comes is answered, in HTTP, never with a fault of the server's own,
// and never in parts.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <string>

#include "fuzz.hpp"
#include "platform/http/hal/controller.hpp"
#include "platform/http/server.hpp"
#include "platform/http/testing/things.hpp"
#include "platform/http/trusted_proxies.hpp"
#include "platform/http/whole_body.hpp"
#include "platform/runtime/runtime.hpp"

using baedal::fuzz::promise;
using namespace baedal;

namespace {

/// A server with a collection, for as long as this process runs.
class Program {
 public:
  Program() {
    controller_.add_routes(router_);
    http::ServerLimits limits;
    limits.streamed_body_bytes_max = limits.body_bytes_max;
    server_ = std::make_unique<http::Server>(runtime_, forwarded_, limits);
    promise(server_->listen("127.0.0.1", 0).has_value());
    runtime_.start();
  }
  ~Program() {
    server_.reset();
    runtime_.stop();
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }

 private:
  runtime::Runtime runtime_{1};
  http::hal::Things things_;
  http::hal::Presentation view_;
  http::hal::Controller controller_{things_, view_};
  http::Router router_;
  http::WholeBody whole_{router_, 1024 * 1024};
  http::ForwardedFilter forwarded_{whole_, http::TrustedProxies{{"127.0.0.1"}}};
  std::unique_ptr<http::Server> server_;
};

int connected(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{.tv_sec = 20, .tv_usec = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // A signal (libFuzzer has one each second) ends the wait; the connection comes all the same.
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    promise(errno == EINTR);
    pollfd there{.fd = fd, .events = POLLOUT, .revents = 0};
    while (::poll(&there, 1, -1) < 0) promise(errno == EINTR);
    promise(there.revents == POLLOUT);
  }
  return fd;
}

/// All answers to `bytes`, behind which nothing comes.
std::string answers_to(std::string_view bytes, std::uint16_t port) {
  const int fd = connected(port);
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) break;  // refused already
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  ::shutdown(fd, SHUT_WR);
  std::string answers;
  std::array<char, 16384> buffer{};
  ssize_t got = 0;
  while ((got = ::recv(fd, buffer.data(), buffer.size(), 0)) > 0 || (got < 0 && errno == EINTR)) {
    if (got > 0) answers.append(buffer.data(), static_cast<std::size_t>(got));
  }
  promise(got == 0 || errno == ECONNRESET);
  ::close(fd);
  return answers;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Program program;
  const std::string answers = answers_to(fuzz::text_of(data, size), program.port());
  promise(answers.empty() || answers.starts_with("HTTP/1.1 "));
  for (std::size_t at = answers.find("HTTP/1.1 5"); at != std::string::npos;
       at = answers.find("HTTP/1.1 5", at + 1)) {
    const std::string_view status = std::string_view{answers}.substr(at + 9, 3);
    promise(status == "501" || status == "503" || status == "505");
  }
  // A line end stands in no text that an answer repeats.
  for (const char* part : {" 206 Partial Content\r\n", " 416 Range Not Satisfiable\r\n"}) {
    promise(answers.find(part) == std::string::npos);
  }
  return 0;
}
