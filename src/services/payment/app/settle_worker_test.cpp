// The worker around settling: bounds, sweeps, overflow, start and stop.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "kernel/async/sync.hpp"
#include "services/payment/app/testing/payment_world.hpp"

namespace baedal::payment {
namespace {

using namespace std::chrono_literals;
using enum PaymentStatus;

/// A provider that answers when the test lets it, and counts who waits.
class GatedProvider final : public PaymentProvider {
 public:
  Task<ProviderAnswer> authorise(ProviderRequest) override { return wait(); }
  Task<ProviderAnswer> capture(ProviderRequest) override { return wait(); }
  Task<ProviderAnswer> void_payment(ProviderRequest) override { return wait(); }
  Task<ProviderAnswer> refund(ProviderRequest) override { return wait(); }

  Event gate;
  std::size_t waiting = 0;
  std::size_t waiting_max = 0;

 private:
  Task<ProviderAnswer> wait() {
    waiting_max = std::max(waiting_max, ++waiting);
    co_await gate.wait();
    --waiting;
    co_return ProviderAnswer{ProviderOutcome::kApproved};
  }
};

void order(PaymentWorld& world, Process& process, std::int64_t first, std::int64_t last) {
  for (std::int64_t id = first; id <= last; ++id) {
    world.start(world.deliver_ordered(process, id, "tok_approve"));
  }
}

std::int64_t count_paid(PaymentWorld& world, std::int64_t orders) {
  std::int64_t paid = 0;
  for (std::int64_t id = 1; id <= orders; ++id) {
    const auto payment = world.payment_of(id);
    if (payment && payment->status == kPaid) ++paid;
  }
  return paid;
}

TEST(SettleWorker, runs_no_more_loops_at_a_time_than_it_may_and_all_in_the_end) {
  PaymentOptions options;
  options.concurrency = 3;
  PaymentWorld world(options);
  GatedProvider gated;
  Process process(world.payments, gated, world.clock, options);
  world.start([](SettleWorker& worker) -> Task<void> {
    worker.start();
    co_return;
  }(process.worker));
  order(world, process, 1, 20);
  world.run_ready();
  EXPECT_EQ(gated.waiting, 3U);
  EXPECT_EQ(process.worker.stats().running, 3U);
  EXPECT_EQ(process.worker.stats().in_hand, 20U);
  gated.gate.set();
  world.run_ready();
  EXPECT_EQ(gated.waiting_max, 3U);
  EXPECT_EQ(count_paid(world, 20), 20);
  EXPECT_EQ(process.worker.stats().in_hand, 0U);
  EXPECT_EQ(process.worker.stats().settled, 20U);
  world.stop_process(process);
}

TEST(SettleWorker, one_loop_per_payment_however_often_it_is_taken) {
  PaymentWorld world;
  GatedProvider gated;
  Process process(world.payments, gated, world.clock, world.options);
  world.executor.post([&] { process.worker.start(); });
  order(world, process, 1, 1);
  world.run_ready();
  for (int i = 0; i < 10; ++i) process.worker.take(PaymentId{1}, world.clock.now());
  world.run_ready();
  EXPECT_EQ(gated.waiting, 1U);
  EXPECT_EQ(process.worker.stats().in_hand, 1U);
  gated.gate.set();
  world.run_ready();
  EXPECT_EQ(count_paid(world, 1), 1);
  world.stop_process(process);
}

TEST(SettleWorker, payments_that_pause_leave_their_place_to_others) {
  PaymentOptions options;
  options.concurrency = 1;
  PaymentWorld world(options);
  Process& process = world.start_process();
  world.provider.fail_all(true, ProviderFault::kUnreached);
  order(world, process, 1, 5);
  world.run_ready();
  EXPECT_EQ(process.worker.stats().waiting, 5U);
  world.provider.fail_all(false, ProviderFault::kRefused);
  order(world, process, 6, 6);
  world.run_ready();
  EXPECT_EQ(world.payment_of(6)->status, kPaid);
  EXPECT_EQ(process.worker.stats().waiting, 5U);
  world.advance(50ms);
  EXPECT_EQ(count_paid(world, 6), 6);
}

TEST(SettleWorker, what_does_not_fit_in_hand_is_found_in_the_store_as_soon_as_there_is_room) {
  PaymentOptions options;
  options.in_hand_max = 4;
  PaymentWorld world(options);
  Process& process = world.start_process();
  world.run_ready();
  order(world, process, 1, 50);
  world.run_ready();
  EXPECT_EQ(count_paid(world, 50), 50) << "without waiting for the next interval";
  const SettleStats stats = process.worker.stats();
  EXPECT_GT(stats.overflows, 0U);
  EXPECT_GT(stats.sweeps, 1U);
  EXPECT_EQ(stats.in_hand, 0U);
}

TEST(SettleWorker, finds_at_its_start_what_an_earlier_one_left_open) {
  PaymentWorld world;
  Process never_started(world.payments, world.provider, world.clock, world.options);
  order(world, never_started, 1, 1200);  // more than one page of a sweep
  world.run_ready();
  EXPECT_EQ(world.payment_of(1)->status, kRequested);
  Process& process = world.start_process();
  world.run_ready();
  EXPECT_EQ(count_paid(world, 1200), 1200);
  EXPECT_EQ(process.worker.stats().sweeps, 1U);
}

TEST(SettleWorker, finds_at_intervals_what_another_process_left_open) {
  PaymentWorld world;
  Process& process = world.start_process();
  world.run_ready();
  Process dead(world.payments, world.provider, world.clock, world.options);
  order(world, dead, 1, 3);
  world.advance(world.options.sweep_interval - 1ns);
  EXPECT_EQ(count_paid(world, 3), 0);
  world.advance(1ns);
  EXPECT_EQ(count_paid(world, 3), 3);
  EXPECT_EQ(process.worker.stats().sweeps, 2U);
}

TEST(SettleWorker, knows_since_when_the_oldest_payment_is_open_after_a_restart_too) {
  PaymentWorld world;
  GatedProvider gated;
  const Timestamp first = world.clock.now();
  Process process(world.payments, gated, world.clock, world.options);  // outlives its last call
  world.executor.post([&] { process.worker.start(); });
  world.run_ready();
  EXPECT_EQ(process.worker.stats().oldest_since, std::nullopt);
  order(world, process, 1, 1);
  world.run_ready();
  world.clock.advance(5min);
  order(world, process, 2, 2);
  world.run_ready();
  EXPECT_EQ(process.worker.stats().oldest_since, first);
  world.stop_process(process);

  Process next(world.payments, gated, world.clock, world.options);
  world.executor.post([&] { next.worker.start(); });
  world.run_ready();
  EXPECT_EQ(next.worker.stats().oldest_since, first);
  gated.gate.set();
  world.run_ready();
  EXPECT_EQ(next.worker.stats().oldest_since, std::nullopt);
  world.stop_process(next);
}

TEST(SettleWorker, may_be_told_of_payments_by_any_thread) {
  constexpr std::int64_t kOrders = 200;
  PaymentOptions options;
  options.sweep_interval = 24h;
  options.in_hand_max = kOrders;
  PaymentWorld world(options);
  Process& process = world.start_process();
  world.run_ready();
  Process silent(world.payments, world.provider, world.clock, options);
  order(world, silent, 1, kOrders);
  world.run_ready();
  std::vector<std::jthread> tellers;
  for (int i = 0; i < 4; ++i) {
    tellers.emplace_back([&] {
      for (std::int64_t id = 1; id <= kOrders; ++id) {
        process.worker.take(PaymentId{id}, world.clock.now());
      }
    });
  }
  while (count_paid(world, kOrders) < kOrders || process.worker.stats().in_hand > 0) {
    world.run_ready();
  }
  EXPECT_EQ(world.events()["Paid"], kOrders);
}

TEST(SettleWorker, stops_within_one_call_of_a_provider_that_does_not_answer) {
  PaymentWorld world;
  GatedProvider gated;
  Process process(world.payments, gated, world.clock, world.options);
  world.executor.post([&] { process.worker.start(); });
  order(world, process, 1, 300);
  world.run_ready();
  EXPECT_EQ(gated.waiting, 256U);
  world.stop_process(process);
  EXPECT_EQ(count_paid(world, 300), 0) << "all left open in the store";
  process.worker.take(PaymentId{1}, world.clock.now());
  world.advance(1min);
  EXPECT_EQ(gated.waiting_max, 256U) << "nothing runs afterwards";
  gated.gate.set();
  world.run_ready();
  EXPECT_EQ(gated.waiting, 0U) << "calls whose caller is gone come to their end";
  world.start_process();
  world.run_ready();
  EXPECT_EQ(world.payment_of(300)->status, kPaid);
}

TEST(SettleWorker, stops_at_once_with_nothing_in_hand_and_when_it_was_never_started) {
  PaymentWorld world;
  Process never_started(world.payments, world.provider, world.clock, world.options);
  bool stopped = false;
  auto stop = [&](SettleWorker& worker) -> Task<void> {
    co_await worker.stop();
    stopped = true;
  };
  world.start(stop(never_started.worker));
  world.run_ready();
  EXPECT_TRUE(stopped);
  Process& idle = world.start_process();
  world.run_ready();
  stopped = false;
  world.start(stop(idle.worker));
  world.run_ready();
  EXPECT_TRUE(stopped);
}

}  // namespace
}  // namespace baedal::payment
