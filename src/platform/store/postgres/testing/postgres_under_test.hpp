#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "platform/store/conformance/store_conformance.hpp"
#include "platform/store/postgres/postgres_store.hpp"
#include "platform/store/postgres/testing/postgres_server.hpp"

namespace baedal::store {

/// The options of the conformance suite's store.
[[nodiscard]] inline PostgresOptions options_of_things(const std::string& url, const Clock& clock) {
  PostgresOptions options;
  options.url = url;
  options.tables = {&conformance::kThings};
  options.migrations = conformance::migrations();
  options.clock = &clock;
  return options;
}

/// A store of things in a database of the shared server.
[[nodiscard]] inline std::unique_ptr<PostgresStore> open_things(const std::string& url,
                                                                const Clock& clock) {
  auto store = PostgresStore::open(options_of_things(url, clock));
  if (!store) ADD_FAILURE() << store.error().detail;
  return store ? std::move(*store) : nullptr;
}

class PostgresUnderTest final : public conformance::StoreUnderTest {
 public:
  std::unique_ptr<Store> open(const Clock& clock, GroupCommitLimits limits) override {
    PostgresOptions options = options_of_things(url_, clock);
    limits.attempts_max = options.limits.attempts_max;
    options.limits = limits;
    auto store = PostgresStore::open(std::move(options));
    if (!store) ADD_FAILURE() << store.error().detail;
    return store ? std::move(*store) : nullptr;
  }

 private:
  std::string url_ = postgres::PostgresServer::shared().make_database();
};

}  // namespace baedal::store
