#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "kernel/async/sync.hpp"
#include "platform/http/router.hpp"
#include "platform/http/server.hpp"
#include "platform/http/wire.hpp"
#include "platform/runtime/runtime.hpp"

namespace baedal::http {

/// Waits, for a bounded time, until `condition` holds.
template <class Condition>
testing::AssertionResult eventually(const Condition& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return testing::AssertionFailure() << "never";
    std::this_thread::yield();
  }
  return testing::AssertionSuccess();
}

/// A server on a port of its own with a few handlers. A test changes limits and hooks, then
/// start()s it.
class ServerTest : public testing::Test {
 protected:
  explicit ServerTest(std::size_t threads = 1) : runtime_(threads) {
    router_.add(Method::kGet, "/hello", [](Request&) { return text("hello"); });
    router_.add(Method::kHead, "/hello", [](Request&) { return text("hello"); });
    router_.add(Method::kPost, "/echo", [](Request& request) { return text(request.body); });
    router_.add(Method::kGet, "/where", [](Request& request) {
      return text(request.link_base + " " + std::string{request.peer});
    });
    router_.add(Method::kGet, "/empty", [](Request&) { return just(204); });
    router_.add(Method::kGet, "/unchanged", [](Request&) { return just(304); });
    router_.add(Method::kGet, "/large",
                [](Request&) { return text(std::string(kLargeBytes, 'l')); });
    router_.add(Method::kGet, "/throw", [](Request&) { return failing(); });
    router_.add(Method::kGet, "/slow", [this](Request&) { return wait_for_release(); });
  }

  ~ServerTest() override {
    release_.set();
    server_.reset();
  }

  /// `prepare` is called before the server listens.
  void start(const std::function<void(Server&)>& prepare = {}) {
    server_ = std::make_unique<Server>(runtime_, router_, limits_);
    server_->observe(observer_);
    if (prepare) prepare(*server_);
    server_->on_error([this](std::string_view message) {
      const std::lock_guard lock(errors_mutex_);
      errors_.emplace_back(message);
    });
    const auto listening = server_->listen("127.0.0.1", 0);
    ASSERT_TRUE(listening) << listening.error().detail;
    runtime_.start();
  }

  [[nodiscard]] Wire dial() const { return Wire{server_->port()}; }
  [[nodiscard]] std::string ask(const std::string& request) const {
    Wire wire = dial();
    wire.send(request);
    return wire.answer();
  }
  [[nodiscard]] bool answers() const { return status_of_answer(ask(kHello)) == 200; }
  [[nodiscard]] std::vector<std::string> errors() {
    const std::lock_guard lock(errors_mutex_);
    return errors_;
  }

  static Task<Response> text(std::string_view body) {
    return respond({200, "text/plain", std::string{body}, {}});
  }
  static Task<Response> just(int status) { return respond({status, "", "", {}}); }
  static Task<Response> respond(Response response) { co_return response; }
  static Task<Response> failing() {
    throw std::runtime_error("broken on purpose");
    co_return Response{};
  }
  Task<Response> wait_for_release() {
    ++waiting_;
    co_await release_.wait();
    co_return Response{200, "text/plain", "released", {}};
  }

  static constexpr std::size_t kLargeBytes = 32 * 1024 * 1024;
  static constexpr const char* kHello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

  runtime::Runtime runtime_;
  Router router_;
  ServerLimits limits_;
  Server::Observer observer_;
  Event release_;
  std::atomic<int> waiting_{0};
  std::mutex errors_mutex_;
  std::vector<std::string> errors_;
  std::unique_ptr<Server> server_;
};

}  // namespace baedal::http
