#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "platform/store/conformance/store_conformance.hpp"
#include "platform/store/sqlite/sqlite_store.hpp"

namespace baedal::store {

/// A folder of its own under the system's temporary folder, removed at the end.
class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "baedal-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  [[nodiscard]] std::string file(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// The options of the conformance suite's store.
[[nodiscard]] inline SqliteOptions options_of_things(const std::string& path, const Clock& clock) {
  SqliteOptions options;
  options.path = path;
  options.tables = {&conformance::kThings};
  options.migrations = conformance::migrations();
  options.clock = &clock;
  return options;
}

class SqliteUnderTest final : public conformance::StoreUnderTest {
 public:
  std::unique_ptr<Store> open(const Clock& clock, GroupCommitLimits limits) override {
    SqliteOptions options = options_of_things(folder_.file("things.db"), clock);
    options.limits = limits;
    auto store = SqliteStore::open(std::move(options));
    if (!store) ADD_FAILURE() << store.error().detail;
    return store ? std::move(*store) : nullptr;
  }

 private:
  TempFolder folder_;
};

}  // namespace baedal::store
