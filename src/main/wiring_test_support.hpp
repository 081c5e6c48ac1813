#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kernel/async/executor.hpp"
#include "kernel/async/manual_executor.hpp"
#include "main/configuration.hpp"
#include "main/wiring.hpp"
#include "platform/clock/system_clock.hpp"
#include "platform/config/load.hpp"
#include "platform/http/testing/hand_client.hpp"
#include "platform/messaging/memory/memory_bus.hpp"
#include "platform/runtime/runtime.hpp"
#include "platform/tracing/testing/kept_spans.hpp"

namespace baedal {

/// A data folder that goes with the test.
class DataFolder {
 public:
  DataFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "main-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~DataFolder() { std::filesystem::remove_all(path_); }
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Every service on its own store in `folder`, as the program wires them, over a memory bus on
/// `topic` and without sockets.
class WiredServices {
 public:
  WiredServices(const DataFolder& folder, std::shared_ptr<messaging::MemoryTopic> topic,
                const std::string& view_store = "lmdb:mypage")
      : settings_(
            config::load(make_registry(), {.environment = {},
                                           .flags = {"--data.dir=" + folder.path().string(),
                                                     "--mypage.store=" + view_store,
                                                     "--messaging.subscriber.attempts-max=1"}})
                .value()),
        bus_({}, std::move(topic)),
        services_(executor_.run(wire_services(context_, roles_)).value()) {
    executor_.post([this] {
      for (ServiceHost& host : services_.hosts) {
        if (host.relay) host.relay->start();
      }
      EXPECT_TRUE(bus_.start());
      for (ServiceHost& host : services_.hosts) host.module->start();
    });
    executor_.run_ready();
  }
  ~WiredServices() { executor_.run(stop()); }
  WiredServices(const WiredServices&) = delete;
  WiredServices& operator=(const WiredServices&) = delete;

  ServiceHost& host(std::string_view name) {
    for (ServiceHost& host : services_.hosts) {
      if (host.name == name) return host;
    }
    ADD_FAILURE() << "no service " << name;
    return services_.hosts.front();
  }
  http::HandClient client(std::string_view service) { return {*host(service).router, executor_}; }
  /// Whether `condition` comes true; lets the services work meanwhile.
  bool wait_until(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      executor_.run(sleep_for(std::chrono::milliseconds{1}));
    }
    return true;
  }
  void publish(const std::vector<messaging::Envelope>& events) {
    EXPECT_TRUE(executor_.run(bus_.publish(events)));
  }
  ManualExecutor& executor() { return executor_; }
  const tracing::Tracer& tracer() { return tracer_; }
  [[nodiscard]] std::vector<tracing::Span> spans() const { return spans_.all(); }

 private:
  Task<void> stop() {
    for (ServiceHost& host : services_.hosts) co_await host.module->stop();
    for (ServiceHost& host : services_.hosts) {
      if (host.relay) co_await host.relay->stop();
    }
    co_await bus_.stop();
  }

  ManualExecutor executor_;
  SystemClock clock_;
  http::hal::Presentation presentation_;
  config::Settings settings_;
  messaging::MemoryBus bus_;
  runtime::Runtime runtime_{1};  // carries nothing: no neighbour is remote
  http::UpstreamClient client_{runtime_, clock_};
  tracing::KeptSpans spans_;
  tracing::Tracer tracer_{clock_, 1, &spans_};
  messaging::EventTracing tracing_{tracer_, "memory", "topic"};
  metrics::Registry metrics_{clock_};
  WiringContext context_{settings_, clock_, presentation_, bus_, client_, tracing_, metrics_};
  std::vector<std::string> roles_{"menu", "order", "payment", "delivery", "mypage"};
  Services services_;
};

}  // namespace baedal
