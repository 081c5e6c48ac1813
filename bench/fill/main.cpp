// Rows for benchmarks of large stores, written through the stores the server uses:
//   baedal_fill --orders 10000000 --mypages 1000000 --keys 1000000 --data.dir DIR
#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <string>

#include "fill/filling.hpp"
#include "main/configuration.hpp"
#include "main/open_store.hpp"
#include "main/view_stores.hpp"
#include "main/wiring.hpp"
#include "platform/clock/manual_clock.hpp"
#include "platform/clock/system_clock.hpp"

namespace {

using namespace baedal;

struct Counts {
  std::int64_t orders = 0;
  std::int64_t mypages = 0;
  std::int64_t keys = 0;
  std::int64_t keys_age_hours = 0;
  bool sweep = false;
};

constexpr std::int64_t kMicrosPerHour = 3'600'000'000;
constexpr Timestamp kFirstOrder{1'704'067'200'000'000};  // 2024-01-01

/// The order service's store. Its clock stands still where the keys are to be dated.
Result<void> fill_orders(const Counts& counts, const config::Settings& settings) {
  if (counts.orders == 0 && counts.keys == 0) return {};
  const Timestamp now = SystemClock{}.now();
  const ManualClock clock(Timestamp{now.micros - counts.keys_age_hours * kMicrosPerHour});
  auto url = parse_store_url(settings, "order");
  if (!url) return pass_on(url);
  auto store = open_store(*url, schema_of("order"), settings, clock);
  if (!store) return pass_on(store);
  if (auto added = fill::add_orders(**store, counts.orders, kFirstOrder); !added) return added;
  if (auto added = fill::add_keys(**store, counts.keys); !added || !counts.sweep) return added;
  return fill::sweep_keys(**store, now);
}

Result<void> fill_mypages(const Counts& counts, const config::Settings& settings) {
  if (counts.mypages == 0) return {};
  const SystemClock clock;
  auto url = parse_store_url(settings, "mypage");
  if (!url) return pass_on(url);
  auto generations = view_generations(*url, schema_of("mypage"), settings, clock);
  auto store = generations.open_current();
  if (!store) return pass_on(store);
  return fill::add_mypages(**store, counts.mypages, kFirstOrder);
}

Result<void> fill_all(const Counts& counts, const std::vector<std::string>& flags) {
  auto settings = load_settings(flags);
  if (!settings) return pass_on(settings);
  if (auto filled = fill_orders(counts, *settings); !filled) return filled;
  return fill_mypages(counts, *settings);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Fills Baedal's stores with rows for benchmarks; run it without a server on them."};
  Counts counts;
  app.add_option("--orders", counts.orders, "Orders to add")->check(CLI::NonNegativeNumber);
  app.add_option("--mypages", counts.mypages, "Lines of an empty mypage, from order 1 on")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--keys", counts.keys, "Idempotency keys of the order service")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--keys-age-hours", counts.keys_age_hours, "How old the keys are")
      ->check(CLI::NonNegativeNumber);
  app.add_flag("--sweep", counts.sweep, "Drops all keys again, as retention does");
  app.allow_extras();
  app.footer("Settings are flags too, as of baedal serve: --data.dir DIR, --order.store URL.");
  CLI11_PARSE(app, argc, argv);
  const auto filled = fill_all(counts, app.remaining());
  if (filled) return 0;
  std::fprintf(stderr, "baedal_fill: %s\n", filled.error().detail.c_str());
  return 1;
}
