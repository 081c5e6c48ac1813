#include "simulation/provider.hpp"

#include <array>
#include <memory>
#include <utility>

#include "simulation/reply.hpp"

namespace baedal::simulation {
namespace {

using namespace std::chrono_literals;
using payment::ProviderAnswer;
using payment::ProviderOutcome;
using payment::ProviderRequest;

/// Longer than the caller waits, so that it is the caller who gives up.
constexpr std::chrono::seconds kPatience{60};

std::string_view to_word(ProviderOutcome outcome) {
  constexpr std::array<std::string_view, 4> kWords{"yes", "no", "unknown", "try again"};
  return kWords.at(static_cast<std::size_t>(outcome));
}

}  // namespace

void ProviderOffice::ask(Ask what, ProviderRequest request,
                         std::function<void(ProviderAnswer)> answer) {
  if (weather_.strikes(Fault::kProviderLost, 80)) {
    if (story_.on()) story_.tell("provider", "a question is lost: " + request.key);
    return;
  }
  const auto asked = std::make_shared<ProviderRequest>(std::move(request));
  if (weather_.strikes(Fault::kProviderTwice, 150)) {
    outside_.post_after(weather_.chance(Fault::kProviderTwice).between(0ms, 20s),
                        [this, what, asked] { decide(what, *asked); });
  }
  outside_.post_after(weather_.delay(Fault::kProviderSlow, 4s),
                      [this, what, asked, answer = std::move(answer)] {
                        const auto said = std::make_shared<ProviderAnswer>(decide(what, *asked));
                        if (weather_.strikes(Fault::kProviderLost, 80)) {
                          if (story_.on())
                            story_.tell("provider", "an answer is lost: " + asked->key);
                          return;
                        }
                        outside_.post_after(weather_.delay(Fault::kProviderSlow, 4s),
                                            [said, answer] { answer(std::move(*said)); });
                      });
}

ProviderAnswer ProviderOffice::decide(Ask what, const ProviderRequest& request) {
  ++decisions_;
  ProviderAnswer answer{ProviderOutcome::kTryAgain, "The provider is out of order."};
  if (!weather_.strikes(Fault::kProviderDown, 150)) {
    switch (what) {
      case Ask::kAuthorise:
        answer = books_.authorise(request);
        break;
      case Ask::kCapture:
        answer = books_.capture(request);
        break;
      case Ask::kVoid:
        answer = books_.void_payment(request);
        break;
      case Ask::kRefund:
        answer = books_.refund(request);
        break;
    }
  }
  if (story_.on()) {
    story_.tell("provider", request.key + ": " + std::string{to_word(answer.outcome)});
  }
  return answer;
}

Task<ProviderAnswer> ReachedProvider::ask(ProviderOffice::Ask what, ProviderRequest request) {
  ProviderAnswer unknown{ProviderOutcome::kUnknown, "No answer."};
  if (life_.over) co_return unknown;
  if (bug_ == Bug::kNewProviderKeys) request.key += "-" + std::to_string(++asked_);
  if (bug_ == Bug::kRefundsForgotten && what == ProviderOffice::Ask::kRefund) {
    co_return ProviderAnswer{ProviderOutcome::kApproved};
  }
  const auto reply = std::make_shared<Reply<ProviderAnswer>>();
  office_.ask(what, std::move(request), [reply](ProviderAnswer a) { reply->answer(std::move(a)); });
  // The planted bugs look for no answer before the use case does, which waits for a second.
  const bool guesses = bug_ == Bug::kUnknownIsDeclined || bug_ == Bug::kUnknownIsApproved;
  const std::chrono::nanoseconds patience = guesses ? 900ms : kPatience;
  auto waiting = Reply<ProviderAnswer>::wait(reply, patience);
  auto answer = co_await waiting;
  if (!answer && bug_ == Bug::kUnknownIsDeclined) unknown.outcome = ProviderOutcome::kDeclined;
  if (!answer && bug_ == Bug::kUnknownIsApproved) unknown.outcome = ProviderOutcome::kApproved;
  co_return answer ? std::move(*answer) : unknown;
}

Task<ProviderAnswer> ReachedProvider::authorise(ProviderRequest request) {
  return ask(ProviderOffice::Ask::kAuthorise, std::move(request));
}
Task<ProviderAnswer> ReachedProvider::capture(ProviderRequest request) {
  return ask(ProviderOffice::Ask::kCapture, std::move(request));
}
Task<ProviderAnswer> ReachedProvider::void_payment(ProviderRequest request) {
  return ask(ProviderOffice::Ask::kVoid, std::move(request));
}
Task<ProviderAnswer> ReachedProvider::refund(ProviderRequest request) {
  return ask(ProviderOffice::Ask::kRefund, std::move(request));
}

}  // namespace baedal::simulation
