#include "main/accounts.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "main/open_store.hpp"

namespace baedal {
namespace {

/// What SQLite puts beside its file gets the file's permissions.
void make_for_owner_only(const std::filesystem::path& file) {
  std::error_code ignored;
  std::filesystem::create_directories(file.parent_path(), ignored);
  const int fd = ::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
  // What is wrong with the path is told by who opens the store there.
  if (fd >= 0) ::close(fd);
}

}  // namespace

bool keeps_accounts(const config::Settings& settings, const std::vector<std::string>& roles) {
  return !settings.secret("auth.issuer-key").expose().empty() &&
         !settings.text("accounts.store").empty() &&
         std::ranges::find(roles, "gateway") != roles.end();
}

Result<std::unique_ptr<store::Store>> open_accounts_store(const config::Settings& settings,
                                                          const Clock& clock) {
  auto url = parse_store_url(settings, "accounts");
  if (!url) return pass_on(url);
  if (url->product == "lmdb") {
    return fail(ErrorKind::kInvalid, "bad-store-url",
                "accounts.store must be sqlite:FILE or postgresql://SERVER/DATABASE.");
  }
  if (url->server.empty()) make_for_owner_only(url->path);
  return open_store(*url, accounts::store_schema(), settings, clock, Access::kInspect);
}

Task<Result<std::unique_ptr<Accounts>>> Accounts::open(const config::Settings& settings,
                                                       const Clock& clock,
                                                       const auth::OwnIssuer& issuer,
                                                       const auth::CsrfTokens& csrf) {
  auto store = open_accounts_store(settings, clock);
  if (!store) co_return pass_on(store);
  const accounts::AccountOptions options = accounts::options_from(settings);
  auto module = accounts::make_module({**store, clock, issuer, csrf, options});
  auto opening = module->open();
  auto opened = co_await opening;
  if (!opened) co_return pass_on(opened);
  std::unique_ptr<Accounts> made{new Accounts(std::move(*store), std::move(module))};
  co_return made;
}

void Accounts::show(metrics::Registry& metrics, health::HealthRegistry& health) {
  for (service::Reading& reading : module_->readings()) {
    metrics::MeterId id{std::move(reading.name), std::move(reading.unit),
                        std::move(reading.description), std::move(reading.tags)};
    meters_.push_back(metrics.counter(std::move(id), std::move(reading.read)));
  }
  health.add("accountsStore", [store = store_.get()] { return health::Check{store->health()}; });
}

}  // namespace baedal
