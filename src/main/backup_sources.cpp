#include "main/backup_sources.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>

#include "main/configuration.hpp"
#include "main/open_store.hpp"
#include "main/roles.hpp"
#include "main/view_stores.hpp"
#include "main/wiring.hpp"
#include "platform/clock/system_clock.hpp"
#include "platform/store/lmdb/frozen_lmdb.hpp"
#include "platform/store/sqlite/frozen_sqlite.hpp"

namespace baedal {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEmbedded = "embedded:";

std::unexpected<Error> not_ours(const std::string& what, const std::string& tools) {
  return fail(
      ErrorKind::kInvalid, "not-in-files",
      what + " is not in the data folder: back it up with " + tools + ". See docs/backup.md.");
}

/// Finds out what there is, below one data folder.
class Collector {
 public:
  explicit Collector(const config::Settings& settings)
      : settings_(settings), data_(settings.text("data.dir")) {}

  Result<void> add_role(const std::string& role);
  Result<void> add_accounts();
  Result<void> add_event_log();
  BackupSources take() { return std::move(sources_); }

 private:
  Result<void> add_view(const StoreUrl& url);
  Result<bool> add_store(const StoreUrl& url);
  Result<std::string> below_data(const fs::path& path) const;

  const config::Settings& settings_;
  const fs::path data_;
  BackupSources sources_;
};

Result<void> Collector::add_role(const std::string& role) {
  auto url = parse_store_url(settings_, role);
  if (!url) return pass_on(url);
  if (!url->server.empty()) return not_ours("The store of " + role, "PostgreSQL's own tools");
  if (role == "mypage") return add_view(*url);
  const auto added = add_store(*url);
  if (!added) return std::unexpected(added.error());
  if (!*added) sources_.missing.push_back(role);
  return {};
}

/// Who may log in, where anybody may: a gateway keeps that, which has no other store.
Result<void> Collector::add_accounts() {
  if (settings_.text("accounts.store").empty()) return {};
  auto url = parse_store_url(settings_, "accounts");
  if (!url) return pass_on(url);
  if (!url->server.empty()) return not_ours("The store of accounts", "PostgreSQL's own tools");
  auto added = add_store(*url);
  if (!added) return pass_on(added);
  return {};
}

/// The current generation, the file that names it, and the parked events beside it.
Result<void> Collector::add_view(const StoreUrl& url) {
  const SystemClock clock;
  const auto generations =
      view_generations(url, schema_of("mypage"), settings_, clock, Access::kInspect);
  const auto current = generations.current_path();
  if (!current && current.error().kind == ErrorKind::kNotFound) {
    sources_.missing.emplace_back("mypage");
    return {};
  }
  if (!current) return std::unexpected(current.error());
  auto name = below_data(url.path / "CURRENT");
  if (!name) return pass_on(name);
  // Written, not copied: a rebuild may make another one current before its copy.
  const std::string generation_name = current->filename().string();
  const std::string number = generation_name.substr(generation_name.rfind('-') + 1);
  sources_.texts.push_back({std::move(*name), number + '\n'});
  StoreUrl generation = url;
  generation.path = url.product == "sqlite" ? *current / "view.db" : *current;
  const auto parked = parked_events_of_view(url);
  if (!parked) return std::unexpected(parked.error());
  for (const StoreUrl& one : {generation, *parked}) {
    if (auto added = add_store(one); !added) return pass_on(added);
  }
  return {};
}

/// Whether it is there at all.
Result<bool> Collector::add_store(const StoreUrl& url) {
  const bool lmdb = url.product == "lmdb";
  const fs::path file = lmdb ? url.path / "data.mdb" : url.path;
  std::error_code ec;
  if (!fs::exists(file, ec)) return false;
  auto path = below_data(file);
  if (!path) return pass_on(path);
  BackupSource source{.path = std::move(*path), .kind = url.product, .store = nullptr};
  if (lmdb) {
    auto opened = store::FrozenLmdb::open(url.path);
    if (!opened) return pass_on(opened);
    source.store = std::move(*opened);
  } else {
    auto opened = store::FrozenSqlite::open(url.path);
    if (!opened) return pass_on(opened);
    source.store = std::move(*opened);
  }
  sources_.stores.push_back(std::move(source));
  return true;
}

Result<void> Collector::add_event_log() {
  const std::string_view url = settings_.text("messaging.bus");
  if (!url.starts_with(kEmbedded)) return not_ours("The event log", "Kafka's own means");
  const fs::path folder = data_ / url.substr(kEmbedded.size());
  auto path = below_data(folder);
  if (!path) return pass_on(path);
  std::error_code ec;
  if (fs::exists(folder, ec)) sources_.event_log = std::move(*path);
  return {};
}

Result<std::string> Collector::below_data(const fs::path& path) const {
  const fs::path relative = path.lexically_relative(data_);
  if (!relative.empty() && *relative.begin() != "..") return relative.generic_string();
  return not_ours(path.string(), "a copy of your own while nothing is served");
}

}  // namespace

Result<BackupSources> open_backup_sources(const config::Settings& settings) {
  const auto roles = named_roles(settings);
  if (!roles) return std::unexpected(roles.error());
  Collector collector(settings);
  // First what may be refused without having opened anything.
  if (auto added = collector.add_event_log(); !added) return pass_on(added);
  for (const std::string& role : *roles) {
    if (find_role(role)->store.empty()) continue;
    if (auto added = collector.add_role(role); !added) return pass_on(added);
  }
  if (std::ranges::find(*roles, "gateway") != roles->end()) {
    if (auto added = collector.add_accounts(); !added) return pass_on(added);
  }
  return collector.take();
}

}  // namespace baedal
