#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernel/async/task.hpp"
#include "kernel/clock.hpp"
#include "platform/http/hal/presentation.hpp"
#include "platform/http/router.hpp"
#include "platform/messaging/subscriber.hpp"
#include "platform/store/migration.hpp"
#include "platform/store/store.hpp"

namespace baedal::service {

/// What a service needs of its store: named once, used by whichever product is configured.
struct StoreSchema {
  std::string_view component;  ///< "order": name of the file, of the migrations
  std::span<const store::Table* const> tables;
  std::span<const store::Migration> migrations;
};

/// A number of its own that a service shows to operators. `read` answers from memory, on any
/// thread.
struct Reading {
  std::string name;  ///< "baedal.payments.waiting"
  std::string description;
  bool counter;  ///< only grows; else it goes up and down
  std::function<double()> read;
  std::string unit{};                                       ///< "seconds"
  std::vector<std::pair<std::string, std::string>> tags{};  ///< few values, known beforehand
};

/// A service as main/wiring.cpp sees it: built with its dependencies, then plugged in.
class Module {
 public:
  virtual ~Module() = default;
  /// Adds its collections to `router`, which this module must outlive.
  virtual void add_routes(http::Router& router) = 0;
  /// Adds what only operators call, under /actuator.
  virtual void add_management_routes(http::Router&) {}
  /// Registers its event handlers.
  virtual void add_handlers(messaging::Subscriber& subscriber) = 0;
  /// The store it works on now, when it may replace the one it was made with; else null. Any
  /// thread.
  [[nodiscard]] virtual std::shared_ptr<store::Store> replaced_store() const { return nullptr; }
  /// Ok when it can answer customers, beside what its store says; readiness waits for it. From
  /// memory, any thread.
  [[nodiscard]] virtual Result<void> ready() const { return {}; }
  /// What it shows in the metrics; the module outlives the readings' use.
  [[nodiscard]] virtual std::vector<Reading> readings() const { return {}; }
  /// Starts background work on the current executor; after the store is open, before traffic.
  virtual void start() {}
  /// Ends the answers that would go on for ever, and lets none begin: the process is about to stop.
  virtual void end_streams() {}
  /// Ends background work; nothing of it runs afterwards.
  virtual Task<void> stop() { co_return; }
};

}  // namespace baedal::service
