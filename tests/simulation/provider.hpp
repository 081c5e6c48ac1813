#pragma once

#include <functional>
#include <string>

#include "services/payment/app/ports.hpp"
#include "services/payment/outbound/sandbox_ledger.hpp"
#include "simulation/life.hpp"
#include "simulation/story.hpp"
#include "simulation/timeline.hpp"
#include "simulation/weather.hpp"

namespace baedal::simulation {

/// The provider's own office: its books are never lost.
class ProviderOffice {
 public:
  enum class Ask { kAuthorise, kCapture, kVoid, kRefund };

  ProviderOffice(VirtualExecutor& outside, Weather& weather, Story& story)
      : outside_(outside), weather_(weather), story_(story) {}

  /// The question arrives, perhaps, and `answer` is called, perhaps; both at some time.
  void ask(Ask what, payment::ProviderRequest request,
           std::function<void(payment::ProviderAnswer)> answer);
  [[nodiscard]] const payment::SandboxLedger& books() const { return books_; }
  /// Grows with each answer.
  [[nodiscard]] std::uint64_t decisions() const { return decisions_; }

 private:
  payment::ProviderAnswer decide(Ask what, const payment::ProviderRequest& request);

  VirtualExecutor& outside_;
  Weather& weather_;
  Story& story_;
  payment::SandboxLedger books_{1'000'000};
  std::uint64_t decisions_ = 0;
};

/// The provider as one process reaches it.
class ReachedProvider final : public payment::PaymentProvider {
 public:
  /// Both outlive it.
  ReachedProvider(ProviderOffice& office, const Life& life, std::optional<Bug> bug)
      : office_(office), life_(life), bug_(bug) {}

  Task<payment::ProviderAnswer> authorise(payment::ProviderRequest request) override;
  Task<payment::ProviderAnswer> capture(payment::ProviderRequest request) override;
  Task<payment::ProviderAnswer> void_payment(payment::ProviderRequest request) override;
  Task<payment::ProviderAnswer> refund(payment::ProviderRequest request) override;

 private:
  Task<payment::ProviderAnswer> ask(ProviderOffice::Ask what, payment::ProviderRequest request);

  ProviderOffice& office_;
  const Life& life_;
  const std::optional<Bug> bug_;
  int asked_ = 0;
};

}  // namespace baedal::simulation
