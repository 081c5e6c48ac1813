#include <array>

#include "services/payment/module.hpp"

namespace baedal::payment {
namespace {

using config::Setting;
using config::Type;

constexpr std::array kSettings{
    Setting{.name = "payment.concurrency",
            .type = Type::kInteger,
            .default_value = "256",
            .min = "1",
            .max = "10000",
            .unit = "payments",
            .description = "Payments that ask the provider at the same time."},
    Setting{.name = "payment.in-hand-max",
            .type = Type::kInteger,
            .default_value = "10000",
            .min = "1",
            .max = "1000000",
            .unit = "payments",
            .description = "Open payments known in memory; more wait in the store for their turn."},
    Setting{.name = "payment.provider-timeout",
            .type = Type::kDuration,
            .default_value = "1s",
            .min = "1ms",
            .max = "1m",
            .description = "How long one call of the provider may take. Then its outcome is "
                           "unknown, and it is asked again with the same key."},
    Setting{.name = "payment.retry-pause-first",
            .type = Type::kDuration,
            .default_value = "50ms",
            .min = "1ms",
            .max = "1m",
            .description = "Before the provider is asked the same again; doubled each time."},
    Setting{.name = "payment.retry-pause-max",
            .type = Type::kDuration,
            .default_value = "30s",
            .min = "1ms",
            .max = "1h",
            .description = "The longest pause before the provider is asked the same again."},
    Setting{.name = "payment.sweep-interval",
            .type = Type::kDuration,
            .default_value = "5s",
            .min = "100ms",
            .max = "1h",
            .description = "Between looks into the store for payments that were left open."},
};

std::size_t count(const config::Settings& settings, std::string_view name) {
  return static_cast<std::size_t>(settings.integer(name));
}

}  // namespace

std::span<const Setting> settings() { return kSettings; }

PaymentOptions options_from(const config::Settings& settings) {
  return {.provider_timeout = settings.duration("payment.provider-timeout"),
          .retry_pause_first = settings.duration("payment.retry-pause-first"),
          .retry_pause_max = settings.duration("payment.retry-pause-max"),
          .sweep_interval = settings.duration("payment.sweep-interval"),
          .concurrency = count(settings, "payment.concurrency"),
          .in_hand_max = count(settings, "payment.in-hand-max")};
}

}  // namespace baedal::payment
