/// Sends HTTP requests at a rate of its own (open loop), whatever the server does: what half load
/// and four times the capacity need, and what a generator that waits for each answer cannot do.
///
/// Arrivals are Poisson, with the same seed every time. An arrival takes the connection that has
/// been idle longest; one that finds all of them busy is counted as unsent, not queued. With --rate
/// 0 every connection sends again as soon as it has its answer (closed loop). One thread.
///
/// In --path `{}` becomes the next number of --ids. A good answer without --expect in its body is
/// wrong, and so is a 503 without Retry-After. Prints one line of JSON.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <utility>

#include "answer.hpp"
#include "figures.hpp"

namespace load {
namespace {

struct Options {
  std::uint16_t port = 0;
  std::string method = "GET";
  std::string path = "/";
  std::string body;
  std::string expect;  ///< every answer that counts as good has it in its body
  std::string good = "200";
  std::size_t connections = 64;
  double rate = 0;  ///< requests a second; 0: closed loop
  double seconds = 1;
  std::size_t requests_max = SIZE_MAX;
  std::uint64_t id_first = 1, id_last = 1;
  bool random_ids = false;
};

class Requests {
 public:
  explicit Requests(const Options& options) : options_(options), id_(options.id_first) {
    const std::size_t hole = options.path.find("{}");
    before_ = options.method + " " + options.path.substr(0, hole);
    if (hole != options.path.npos) after_ = options.path.substr(hole + 2);
    has_id_ = hole != options.path.npos;
    after_ += " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(options.port) +
              "\r\nAccept: application/hal+json\r\n";
    if (!options.body.empty()) {
      after_ += "Content-Type: application/json\r\nContent-Length: " +
                std::to_string(options.body.size()) + "\r\n";
    }
    after_ += "\r\n" + options.body;
  }

  /// Overwrites `text`. False when all numbers have been used.
  bool next(std::string& text) {
    text = before_;
    if (has_id_) {
      if (options_.random_ids) {
        text += std::to_string(
            std::uniform_int_distribution(options_.id_first, options_.id_last)(random_));
      } else if (id_ > options_.id_last) {
        return false;
      } else {
        text += std::to_string(id_++);
      }
    }
    text += after_;
    return true;
  }

 private:
  const Options& options_;
  std::string before_, after_;
  bool has_id_ = false;
  std::uint64_t id_;
  std::mt19937_64 random_{7};
};

struct Connection {
  int socket = -1;
  bool busy = false;
  Clock::time_point sent_at;
  std::string request, received;
};

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options), requests_(options), epoll_(::epoll_create1(0)) {
    for (std::size_t i = 0; i < options.connections; ++i) {
      connections_.push_back(std::make_unique<Connection>());
      connect(*connections_.back());
      idle_.push_back(connections_.back().get());
    }
  }

  void run() {
    begin_ = Clock::now();
    end_ = begin_ + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(options_.seconds));
    due_ = begin_;
    while (!over()) {
      send_what_is_due();
      await();
    }
    sending_ended_ = Clock::now();
    // What is under way is waited for, so that every effect on the server has been counted.
    const auto patience = sending_ended_ + std::chrono::seconds(15);
    while (busy_ > 0 && Clock::now() < patience) await();
    broken_ += busy_;
  }

  void print() {
    std::string statuses;
    for (auto& [status, durations] : by_status_) {
      statuses +=
          (statuses.empty() ? "\"" : ",\"") + std::to_string(status) + "\":" + durations.json();
    }
    std::printf(R"({"seconds":%.4f,"sent":%zu,"unsent":%zu,"broken":%zu,"wrong":%zu,"status":{%s}})"
                "\n",
                seconds_between(begin_, sending_ended_), sent_, unsent_, broken_, wrong_,
                statuses.c_str());
  }

 private:
  [[nodiscard]] bool over() const {
    return exhausted_ || sent_ >= options_.requests_max || Clock::now() >= end_;
  }

  void connect(Connection& connection) {
    connection.socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options_.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(connection.socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error(std::string("connect: ") + std::strerror(errno));
    }
    const int on = 1;
    ::setsockopt(connection.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    epoll_event event{.events = EPOLLIN, .data = {.ptr = &connection}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket, &event);
  }

  void send_what_is_due() {
    if (options_.rate <= 0) {
      while (!idle_.empty() && !over()) send_on_longest_idle();
      return;
    }
    for (const auto now = Clock::now(); due_ <= now && !over(); schedule_next()) {
      if (idle_.empty()) {
        ++unsent_;
      } else {
        send_on_longest_idle();
      }
    }
  }

  void schedule_next() {
    due_ += std::chrono::duration_cast<Clock::duration>(
        std::chrono::duration<double>(gap_(random_) / options_.rate));
  }

  void send_on_longest_idle() {
    Connection& connection = *idle_.front();
    if (!requests_.next(connection.request)) {
      exhausted_ = true;
      return;
    }
    idle_.pop_front();
    connection.busy = true;
    ++busy_;
    ++sent_;
    connection.sent_at = Clock::now();
    // A request fits the socket's buffer: nothing else is in it.
    const auto size = static_cast<ssize_t>(connection.request.size());
    if (::send(connection.socket, connection.request.data(), connection.request.size(),
               MSG_NOSIGNAL) != size) {
      broke(connection);
    }
  }

  /// Until an answer comes or the next request is due.
  void await() {
    timespec wait{.tv_sec = 0, .tv_nsec = 100'000'000};
    if (options_.rate > 0 && !over()) {
      const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(due_ - Clock::now());
      wait.tv_nsec = std::clamp<std::int64_t>(left.count(), 0, wait.tv_nsec);
    }
    epoll_event events[256];
    const int count = ::epoll_pwait2(epoll_, events, 256, &wait, nullptr);
    for (int i = 0; i < count; ++i) receive(*static_cast<Connection*>(events[i].data.ptr));
  }

  void receive(Connection& connection) {
    char buffer[16384];
    const ssize_t got = ::recv(connection.socket, buffer, sizeof buffer, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) return broke(connection);
    connection.received.append(buffer, static_cast<std::size_t>(got));
    const auto answer = parse_answer(connection.received);
    if (!answer) return;
    count(connection, *answer);
    const bool closes = answer->closes;
    connection.received.erase(0, answer->bytes);
    connection.busy = false;
    --busy_;
    if (closes) reconnect(connection);
    idle_.push_back(&connection);
  }

  void count(const Connection& connection, const Answer& answer) {
    by_status_[answer.status].add(Clock::now() - connection.sent_at);
    const bool good = options_.good == std::to_string(answer.status);
    if (good && answer.body.find(options_.expect) == answer.body.npos) ++wrong_;
    if (answer.status == 503 && header_of(answer.head, "Retry-After").empty()) ++wrong_;
  }

  void broke(Connection& connection) {
    if (connection.busy) {
      ++broken_;
      --busy_;
      connection.busy = false;
      idle_.push_back(&connection);
    }
    reconnect(connection);
  }

  void reconnect(Connection& connection) {
    ::close(connection.socket);
    connection.received.clear();
    connect(connection);
  }

  const Options& options_;
  Requests requests_;
  int epoll_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::deque<Connection*> idle_;  ///< longest first
  std::map<int, Durations> by_status_;
  std::size_t busy_ = 0, sent_ = 0, unsent_ = 0, broken_ = 0, wrong_ = 0;
  bool exhausted_ = false;
  std::mt19937_64 random_{42};
  std::exponential_distribution<double> gap_{1.0};
  Clock::time_point begin_, end_, due_, sending_ended_;
};

Options options_of(int count, char** words) {
  Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = words[i];
    const std::string value = words[i + 1];
    if (name == "--port") {
      options.port = static_cast<std::uint16_t>(std::stoul(value));
    } else if (name == "--method") {
      options.method = value;
    } else if (name == "--path") {
      options.path = value;
    } else if (name == "--body") {
      options.body = value;
    } else if (name == "--expect") {
      options.expect = value;
    } else if (name == "--good") {
      options.good = value;
    } else if (name == "--connections") {
      options.connections = std::stoul(value);
    } else if (name == "--rate") {
      options.rate = std::stod(value);
    } else if (name == "--seconds") {
      options.seconds = std::stod(value);
    } else if (name == "--requests") {
      options.requests_max = std::stoul(value);
    } else if (name == "--ids" || name == "--random-ids") {
      options.random_ids = name == "--random-ids";
      const std::size_t dash = value.find('-');
      options.id_first = std::stoull(value.substr(0, dash));
      options.id_last = std::stoull(value.substr(dash + 1));
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
    load::Load run(options);
    run.run();
    run.print();
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "paced: %s\n", failure.what());
    return 1;
  }
}
