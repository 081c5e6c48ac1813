#pragma once

#include <memory>
#include <span>

#include "platform/config/settings.hpp"
#include "platform/http/hal/resource.hpp"
#include "platform/service/module.hpp"
#include "services/payment/app/payment_options.hpp"
#include "services/payment/app/ports.hpp"

namespace baedal::payment {

/// Everything the payment service needs from outside. References outlive the module.
struct Dependencies {
  store::Store& store;
  const Clock& clock;
  PaymentProvider& provider;
  const http::hal::Presentation& presentation;
  PaymentOptions options{};
};

/// Its collection, as the root resource links to it.
[[nodiscard]] const http::hal::ResourceType& resource_type();
[[nodiscard]] service::StoreSchema store_schema();

/// This service's table of settings, and what a configuration makes of it.
[[nodiscard]] std::span<const config::Setting> settings();
[[nodiscard]] PaymentOptions options_from(const config::Settings& settings);

/// The provider that moves no money, its slow answers beyond the timeout of `options`.
[[nodiscard]] std::unique_ptr<PaymentProvider> make_sandbox_provider(const PaymentOptions& options);

[[nodiscard]] std::unique_ptr<service::Module> make_module(const Dependencies& dependencies);

}  // namespace baedal::payment
