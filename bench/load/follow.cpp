/// How long after its 201 an order is `started` on the customer's page: places orders one after the
/// other on a few connections of its own, and asks for the page of each until it says so. Asking
/// has a pause (--pause-us), by which a figure may be too long, never too short.
///
/// Prints one line of JSON: durations from the 201 in microseconds, how often was asked, and how
/// many orders were not started within --patience seconds.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "answer.hpp"
#include "figures.hpp"

namespace load {
namespace {

struct Options {
  std::uint16_t port = 0;
  std::string body = R"({"menuId":1,"qty":2})";
  double rate = 100;  ///< orders a second, of all connections
  double seconds = 1;
  double patience = 10;
  unsigned pause_us = 200;
  unsigned connections = 4;
};

/// A blocking keep-alive connection.
class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error(std::string("connect: ") + std::strerror(errno));
    }
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { ::close(socket_); }

  /// Valid until the next request.
  Answer ask(const std::string& request) {
    if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
      throw std::runtime_error("the connection broke");
    }
    received_.clear();
    while (true) {
      char buffer[16384];
      const ssize_t got = ::recv(socket_, buffer, sizeof buffer, 0);
      if (got <= 0) throw std::runtime_error("the connection broke");
      received_.append(buffer, static_cast<std::size_t>(got));
      if (const auto answer = parse_answer(received_)) return *answer;
    }
  }

 private:
  int socket_;
  std::string received_;
};

std::uint64_t order_id_of(std::string_view body) {
  const std::size_t name = body.find(R"("orderId")");
  const std::size_t digit = body.find_first_of("0123456789", name);
  if (name == body.npos || digit == body.npos) throw std::runtime_error("an order without number");
  std::uint64_t id = 0;
  std::from_chars(body.data() + digit, body.data() + body.size(), id);
  return id;
}

class Follow {
 public:
  explicit Follow(const Options& options) : options_(options) {}

  void run() {
    std::vector<std::jthread> threads;
    begin_ = Clock::now();
    for (unsigned i = 0; i < options_.connections; ++i) {
      threads.emplace_back([this, i] { place_and_follow(i); });
    }
  }

  void print() {
    std::printf(R"({"started":%s,"order":%s,"asked":%zu,"late":%zu,"refused":%zu,"failed":"%s"})"
                "\n",
                started_.json().c_str(), ordered_.json().c_str(), asked_, late_, refused_,
                failure_.c_str());
  }

 private:
  void place_and_follow(unsigned number) try {
    Client client(options_.port);
    const std::string host =
        "Host: 127.0.0.1:" + std::to_string(options_.port) + "\r\nAccept: application/hal+json\r\n";
    const std::string order = "POST /orders HTTP/1.1\r\n" + host +
                              "Content-Type: application/json\r\nContent-Length: " +
                              std::to_string(options_.body.size()) + "\r\n\r\n" + options_.body;
    const std::chrono::duration<double> gap(options_.connections / options_.rate);
    const auto end = begin_ + std::chrono::duration<double>(options_.seconds);
    // The connections take turns.
    for (auto due = begin_ + gap * number / options_.connections; due < end;) {
      std::this_thread::sleep_until(due);
      follow_one(client, order, host);
      // A late one does not make the next ones come faster.
      due = std::max<decltype(due)>(due + gap, Clock::now());
    }
  } catch (const std::exception& failure) {
    const std::lock_guard lock(mutex_);
    failure_ = failure.what();
  }

  void follow_one(Client& client, const std::string& order, const std::string& host) {
    const auto sent = Clock::now();
    const Answer placed = client.ask(order);
    const auto answered = Clock::now();
    if (placed.status != 201) {
      const std::lock_guard lock(mutex_);
      ++refused_;
      return;
    }
    const std::string page =
        "GET /mypages/search/findByOrderId?orderId=" + std::to_string(order_id_of(placed.body)) +
        " HTTP/1.1\r\n" + host + "\r\n";
    std::size_t asked = 0;
    bool started = false;
    while (!started && seconds_between(answered, Clock::now()) < options_.patience) {
      if (asked++ > 0) std::this_thread::sleep_for(std::chrono::microseconds(options_.pause_us));
      const Answer seen = client.ask(page);
      started = seen.status == 200 && is_started(seen.body);
    }
    const auto now = Clock::now();
    const std::lock_guard lock(mutex_);
    asked_ += asked;
    ordered_.add(answered - sent);
    if (started) {
      started_.add(now - answered);
    } else {
      ++late_;
    }
  }

  static bool is_started(std::string_view page) {
    constexpr std::string_view kName = R"("deliveryStatus")";
    const std::size_t name = page.find(kName);
    if (name == page.npos) return false;
    const std::size_t value = page.find_first_not_of(" :", name + kName.size());
    return value != page.npos && page.substr(value).starts_with(R"("started")");
  }

  const Options& options_;
  Clock::time_point begin_;
  std::mutex mutex_;
  Durations started_, ordered_;
  std::size_t asked_ = 0, late_ = 0, refused_ = 0;
  std::string failure_;
};

Options options_of(int count, char** words) {
  Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = words[i];
    const std::string value = words[i + 1];
    if (name == "--port") {
      options.port = static_cast<std::uint16_t>(std::stoul(value));
    } else if (name == "--body") {
      options.body = value;
    } else if (name == "--rate") {
      options.rate = std::stod(value);
    } else if (name == "--seconds") {
      options.seconds = std::stod(value);
    } else if (name == "--patience") {
      options.patience = std::stod(value);
    } else if (name == "--pause-us") {
      options.pause_us = static_cast<unsigned>(std::stoul(value));
    } else if (name == "--connections") {
      options.connections = static_cast<unsigned>(std::stoul(value));
    } else {
      throw std::invalid_argument("unknown: " + std::string(name));
    }
  }
  if (options.port == 0) throw std::invalid_argument("--port is needed");
  return options;
}

}  // namespace
}  // namespace load

int main(int count, char** words) {
  try {
    const load::Options options = load::options_of(count, words);
    load::Follow follow(options);
    follow.run();
    follow.print();
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "follow: %s\n", failure.what());
    return 1;
  }
}
