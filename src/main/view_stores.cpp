#include "main/view_stores.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <random>
#include <tuple>
#include <utility>

#include "platform/store/postgres/postgres_store.hpp"

namespace baedal {
namespace {

namespace fs = std::filesystem;

/// Eight characters that tell this folder's schemas from another's; drawn at the first call.
Result<std::string> folder_id(const fs::path& folder) {
  constexpr std::size_t kLength = 8;
  const fs::path file = folder / "ID";
  std::string id;
  if (std::ifstream in(file); in) std::getline(in, id);
  const bool is_hex = id.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (id.size() == kLength && is_hex) return id;
  std::array<char, kLength + 1> drawn{};
  std::snprintf(drawn.data(), drawn.size(), "%08x", std::random_device{}());
  id = drawn.data();
  std::error_code ec;
  fs::create_directories(folder, ec);
  const fs::path fresh = folder / "ID.new";
  std::ofstream out(fresh);
  out << id << '\n';
  out.close();
  if (out) fs::rename(fresh, file, ec);
  if (out && !ec) return id;
  return unavailable("store-files", "The folder " + folder.string() + " cannot be written.");
}

/// …/mypage/generation-3 → generation_3_5eed0123
Result<std::string> schema_name(const fs::path& generation) {
  auto id = folder_id(generation.parent_path());
  if (!id) return id;
  std::string name = generation.filename().string() + '_' + *id;
  std::ranges::replace(name, '-', '_');
  return name;
}

/// In the given generation's place of the same product.
Result<StoreUrl> url_of(StoreUrl url, const fs::path& generation) {
  url.path = url.product == "sqlite" ? generation / "view.db" : generation;
  if (url.product != "postgresql") return url;
  auto schema = schema_name(generation);
  if (!schema) return pass_on(schema);
  url.schema = std::move(*schema);
  return url;
}

}  // namespace

store::Generations view_generations(const StoreUrl& url, const service::StoreSchema& schema,
                                    const config::Settings& settings, const Clock& clock,
                                    Access access) {
  const bool in_schemas = url.product == "postgresql";
  auto opener = [url, schema, &settings, &clock, access,
                 in_schemas](const fs::path& path) -> Result<std::unique_ptr<store::Store>> {
    const auto one = url_of(url, path);
    if (!one) return std::unexpected(one.error());
    // The folder stands for the schema, so that what a rebuild left unfinished is found.
    std::error_code ec;
    if (in_schemas) fs::create_directories(path, ec);
    return open_store(*one, schema, settings, clock, access);
  };
  store::Generations::Removal removal;
  if (in_schemas) {
    removal.while_open = false;
    removal.remove = [server = url.server](const fs::path& path) {
      // What cannot be dropped now is dropped at the next start.
      if (const auto name = schema_name(path)) {
        std::ignore = store::PostgresStore::drop_schema(server, *name);
      }
    };
  }
  return {url.path, opener, std::move(removal)};
}

Result<StoreUrl> parked_events_of_view(StoreUrl url) {
  if (url.product == "postgresql") {
    const auto id = folder_id(url.path);
    if (!id) return std::unexpected(id.error());
    url.schema = "parked_" + *id;
  }
  url.path /= url.product == "sqlite" ? "parked.db" : "parked";
  return url;
}

}  // namespace baedal
