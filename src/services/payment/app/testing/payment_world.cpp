#include "services/payment/app/testing/payment_world.hpp"

#include <gtest/gtest.h>

#include "services/payment/domain/words.hpp"

namespace baedal::payment {
namespace {

using namespace std::chrono_literals;

std::unexpected<Error> dead() { return unavailable("process-dead", "The process is dead."); }

}  // namespace

Task<Result<void>> MortalStore::commit(FunctionRef<Result<void>(PaymentTx&)> body) {
  if (!life_.goes_on()) co_return dead();
  auto committed = co_await inner_.commit(body);
  for (int i = 0; i < late_answer_hops; ++i) co_await yield();
  if (!life_.goes_on()) co_return dead();
  co_return committed;
}

Task<Result<std::optional<Payment>>> MortalStore::find(PaymentId id) {
  if (life_.ended()) co_return dead();
  co_return co_await inner_.find(id);
}

Task<Result<std::optional<Payment>>> MortalStore::find_by_order(OrderId order) {
  if (life_.ended()) co_return dead();
  co_return co_await inner_.find_by_order(order);
}

Task<Result<PaymentList>> MortalStore::list(const PaymentListRequest& request) {
  if (life_.ended()) co_return dead();
  co_return co_await inner_.list(request);
}

Task<Result<PaymentSlice>> MortalStore::list_by_status(PaymentStatus status,
                                                       const PaymentListRequest& request) {
  if (life_.ended()) co_return dead();
  co_return co_await inner_.list_by_status(status, request);
}

Task<ProviderAnswer> MortalProvider::authorise(ProviderRequest request) {
  return pass(&PaymentProvider::authorise, std::move(request));
}

Task<ProviderAnswer> MortalProvider::capture(ProviderRequest request) {
  return pass(&PaymentProvider::capture, std::move(request));
}

Task<ProviderAnswer> MortalProvider::void_payment(ProviderRequest request) {
  return pass(&PaymentProvider::void_payment, std::move(request));
}

Task<ProviderAnswer> MortalProvider::refund(ProviderRequest request) {
  return pass(&PaymentProvider::refund, std::move(request));
}

Task<ProviderAnswer> MortalProvider::pass(Call call, ProviderRequest request) {
  if (!life_.goes_on()) co_return ProviderAnswer{};
  life_.note_call();
  co_await yield();
  auto asked = (inner_.*call)(std::move(request));
  ProviderAnswer answer = co_await asked;
  co_await yield();
  if (!life_.goes_on()) co_return ProviderAnswer{};
  co_return answer;
}

PaymentWorld::PaymentWorld(PaymentOptions with)
    : options(with), sandbox(SandboxOptions{.slow_answer = 2 * with.provider_timeout}) {}

PaymentWorld::~PaymentWorld() {
  for (const auto& process : processes_) stop_process(*process);
  advance(1min);
}

Process& PaymentWorld::start_process() {
  processes_.push_back(std::make_unique<Process>(payments, provider, clock, options));
  Process& process = *processes_.back();
  executor.post([&process] { process.worker.start(); });
  return process;
}

void PaymentWorld::stop_process(Process& process) {
  bool stopped = false;
  auto stop = [](SettleWorker& worker, bool& done) -> Task<void> {
    co_await worker.stop();
    done = true;
  };
  start(stop(process.worker, stopped));
  advance(options.provider_timeout);
  EXPECT_TRUE(stopped) << "stop takes no longer than one call of the provider";
  EXPECT_EQ(process.worker.stats().running, 0U);
}

void PaymentWorld::start(Task<void> task) {
  executor.post([t = std::make_shared<Task<void>>(std::move(task))] { spawn(std::move(*t)); });
}

Task<void> PaymentWorld::deliver_ordered(Process& process, std::int64_t order, std::string token,
                                         std::int64_t amount) {
  const OrderNews news{OrderId{order}, Money{amount}, PaymentToken{std::move(token)}};
  std::function<Task<Result<void>>()> take = [&] { return process.follow.ordered(news); };
  auto delivery = deliver(process, std::move(take));
  co_await delivery;
}

Task<void> PaymentWorld::deliver_cancelled(Process& process, std::int64_t order, int hops) {
  for (int i = 0; i < hops; ++i) co_await yield();
  std::function<Task<Result<void>>()> take = [&] {
    return process.follow.cancelled(OrderId{order}, Currency::krw());
  };
  auto delivery = deliver(process, std::move(take));
  co_await delivery;
}

Task<void> PaymentWorld::deliver(Process& process, std::function<Task<Result<void>>()> take) {
  ++deliveries_pending;
  while (true) {
    auto attempt = take();
    const auto taken = co_await attempt;
    if (taken || process.life.ended()) break;
    co_await sleep_for(100ms);
  }
  --deliveries_pending;
}

std::optional<Payment> PaymentWorld::payment_of(std::int64_t order) {
  auto found = executor.run(payments.find_by_order(OrderId{order}));
  return found ? *found : std::nullopt;
}

std::map<std::string, int> PaymentWorld::events() {
  std::map<std::string, int> counts;
  const auto rows = executor.run(memory.read_outbox(0, 1000));
  for (const store::OutboxRow& row : *rows) ++counts[row.event.type];
  return counts;
}

void expect_settled(PaymentWorld& world, std::int64_t order, bool cancelled, bool payable) {
  using enum PaymentStatus;
  EXPECT_EQ(world.deliveries_pending, 0) << "every event takes effect";
  const auto payment = world.payment_of(order);
  ASSERT_TRUE(payment);
  const PaymentStatus status = payment->status;
  EXPECT_EQ(next_action(*payment, false), Action::kNone) << to_word(status);
  // An order that cannot be paid is declined, or was cancelled before anyone asked.
  const PaymentStatus wanted = cancelled ? kRefunded : payable ? kPaid : kDeclined;
  EXPECT_TRUE(status == wanted || (!payable && status == kDeclined)) << to_word(status);

  const LedgerEntry books = world.sandbox.ledger().find(OrderId{order}).value_or(LedgerEntry{});
  EXPECT_EQ(books.captures, payment->captured ? 1 : 0) << "charged once, and known";
  EXPECT_EQ(books.captures - books.refunds, status == kPaid ? 1 : 0) << "kept only when paid";
  EXPECT_TRUE(books.refunds == 0 || books.refunded == books.captured);
  const bool held = books.authorised && !books.voided && books.captures == 0;
  EXPECT_FALSE(held) << "an authorisation is captured or voided";

  auto events = world.events();
  EXPECT_EQ(events["PaymentFailed"], status == kDeclined ? 1 : 0);
  EXPECT_EQ(events["PaymentRefunded"], status == kRefunded ? 1 : 0);
  EXPECT_LE(events["Paid"], payment->captured ? 1 : 0);
  EXPECT_GE(events["Paid"], status == kPaid ? 1 : 0);
}

}  // namespace baedal::payment
