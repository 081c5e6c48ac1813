#include "main/open_store.hpp"

#include <utility>
#include <vector>

#include "platform/config/masked.hpp"
#include "platform/messaging/store_parking.hpp"
#include "platform/store/lmdb/lmdb_store.hpp"
#include "platform/store/postgres/postgres_store.hpp"
#include "platform/store/sqlite/sqlite_store.hpp"

namespace baedal {
namespace {

std::vector<const store::Table*> all_tables(const service::StoreSchema& schema) {
  std::vector<const store::Table*> tables(schema.tables.begin(), schema.tables.end());
  tables.push_back(&messaging::kParkedEventsTable);
  return tables;
}

/// `limits` with what is set in place of what they were.
store::GroupCommitLimits commit_limits(const config::Settings& settings,
                                       store::GroupCommitLimits limits) {
  limits.queue_max = static_cast<std::size_t>(settings.integer("store.queue-max"));
  limits.group_max = static_cast<std::size_t>(settings.integer("store.group-max"));
  limits.keys_max = settings.integer("idempotency.keys-max");
  limits.interval = settings.duration("store.group-interval");
  return limits;
}

Result<std::unique_ptr<store::Store>> open_sqlite(const StoreUrl& url,
                                                  const service::StoreSchema& schema,
                                                  const config::Settings& settings,
                                                  const Clock& clock, Access access) {
  store::SqliteOptions options;
  options.path = url.path.string();
  options.tables = all_tables(schema);
  options.migrations = schema.migrations;
  options.shared = {{"messaging", messaging::migrations()}};
  options.clock = &clock;
  options.exclusive = access == Access::kServe;
  options.cache_bytes_max = settings.size("store.cache-bytes-max");
  options.limits = commit_limits(settings, options.limits);
  options.list_deadline = settings.duration("store.read-deadline");
  auto store = store::SqliteStore::open(std::move(options));
  if (!store) return pass_on(store);
  return std::move(*store);
}

Result<std::unique_ptr<store::Store>> open_lmdb(const StoreUrl& url,
                                                const service::StoreSchema& schema,
                                                const config::Settings& settings,
                                                const Clock& clock, Access access) {
  store::LmdbOptions options;
  options.path = url.path.string();
  options.list_deadline = settings.duration("store.read-deadline");
  options.limits = commit_limits(settings, options.limits);
  options.read_only = access == Access::kInspect;
  options.tables = all_tables(schema);
  options.clock = &clock;
  auto store = store::LmdbStore::open(options);
  if (!store) return pass_on(store);
  return std::move(*store);
}

/// Several servers and the command line may have it open at once.
Result<std::unique_ptr<store::Store>> open_postgres(const StoreUrl& url,
                                                    const service::StoreSchema& schema,
                                                    const config::Settings& settings,
                                                    const Clock& clock) {
  store::PostgresOptions options;
  options.url = url.server;
  options.schema = url.schema;
  options.tables = all_tables(schema);
  options.migrations = schema.migrations;
  options.shared = {{"messaging", messaging::migrations()}};
  options.clock = &clock;
  options.limits = commit_limits(settings, options.limits);
  options.read_deadline = settings.duration("store.read-deadline");
  auto store = store::PostgresStore::open(std::move(options));
  if (!store) {
    // Five stores may be opened one after the other: which one it is must be said.
    store.error().detail = std::string(schema.component) + ": " + store.error().detail;
    return pass_on(store);
  }
  return std::move(*store);
}

}  // namespace

Result<StoreUrl> parse_store_url(const config::Settings& settings, const std::string& role) {
  const std::string name = role + ".store";
  const std::string& text = settings.text(name);
  const auto colon = text.find(':');
  StoreUrl url{.product = text.substr(0, colon), .path = {}};
  if (text.starts_with("postgresql://") || text.starts_with("postgres://")) {
    url.product = "postgresql";
    url.server = text;
    url.path = std::filesystem::path{settings.text("data.dir")} / role;
    return url;
  }
  const bool known = url.product == "sqlite" || url.product == "lmdb";
  if (colon == std::string::npos || colon + 1 == text.size() || !known) {
    return fail(ErrorKind::kInvalid, "bad-store-url",
                name + ": \"" + config::masked(text) +
                    "\" is none of sqlite:FILE, lmdb:FOLDER and postgresql://SERVER/DATABASE.");
  }
  url.path = std::filesystem::path{settings.text("data.dir")} / text.substr(colon + 1);
  return url;
}

Result<std::unique_ptr<store::Store>> open_store(const StoreUrl& url,
                                                 const service::StoreSchema& schema,
                                                 const config::Settings& settings,
                                                 const Clock& clock, Access access) {
  if (url.product == "sqlite") return open_sqlite(url, schema, settings, clock, access);
  if (url.product == "postgresql") return open_postgres(url, schema, settings, clock);
  return open_lmdb(url, schema, settings, clock, access);
}

}  // namespace baedal
