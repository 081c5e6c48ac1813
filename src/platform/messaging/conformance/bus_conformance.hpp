#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "kernel/async/manual_executor.hpp"
#include "platform/messaging/bus.hpp"

namespace baedal::messaging {

/// A topic of its own, which buses come and go on.
class BusHarness {
 public:
  virtual ~BusHarness() = default;
  /// A bus on the topic. The one before is gone.
  virtual std::unique_ptr<Bus> open() = 0;
  /// Whether the bus has threads of its own.
  [[nodiscard]] virtual bool has_threads() const { return true; }
};

/// An adapter to be tested. Use:
///   INSTANTIATE_TEST_SUITE_P(Embedded, BusConformance, ::testing::Values(BusCase{...}),
///   case_name);
struct BusCase {
  std::string name;
  std::function<std::unique_ptr<BusHarness>()> make;
};
inline std::string case_name(const ::testing::TestParamInfo<BusCase>& info) {
  return info.param.name;
}

/// What every Bus must do; see bus.hpp.
class BusConformance : public ::testing::TestWithParam<BusCase> {
 protected:
  BusConformance() {
    if (!harness_->has_threads()) executor_.be_alone();
  }
  /// The bus before, if any, must be stopped.
  Bus& reopen() {
    bus_.reset();
    bus_ = harness_->open();
    return *bus_;
  }
  void publish(std::span<const Envelope> events) {
    const auto kept = executor_.run(bus_->publish(events));
    ASSERT_TRUE(kept) << kept.error().detail;
  }
  void start() {
    auto starting = [](Bus& bus) -> Task<Result<void>> { co_return bus.start(); };
    const auto started = executor_.run(starting(*bus_));
    ASSERT_TRUE(started) << started.error().detail;
  }
  void stop() { executor_.run(bus_->stop()); }
  void wait_until(const std::function<bool()>& condition);

  ManualExecutor executor_;
  std::unique_ptr<BusHarness> harness_ = GetParam().make();
  std::unique_ptr<Bus> bus_ = harness_->open();
};

}  // namespace baedal::messaging
