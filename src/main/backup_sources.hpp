#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kernel/error.hpp"
#include "platform/config/settings.hpp"
#include "platform/store/frozen.hpp"

namespace baedal {

/// A store's file to be backed up, and where it lies below the data folder.
struct BackupSource {
  std::string path;  ///< "order.db", "mypage/generation-2/data.mdb"
  std::string kind;  ///< "sqlite", "lmdb"
  std::unique_ptr<store::Frozen> store;
};

/// A small file as it is to stand in the backup.
struct BackupText {
  std::string path;  ///< below the data folder
  std::string text;
};

/// What belongs to one backup: stores in the order in which they are frozen, and small files.
struct BackupSources {
  std::vector<BackupSource> stores;
  std::vector<BackupText> texts;
  std::vector<std::string> missing;  ///< roles whose store was never made
  std::string event_log;             ///< its folder below the data folder; empty: none yet
};

/// Opens what the named roles keep in the data folder. The error is a sentence for the operator:
/// also when something lies outside of it, in PostgreSQL or in Kafka, which have tools of their
/// own.
[[nodiscard]] Result<BackupSources> open_backup_sources(const config::Settings& settings);

}  // namespace baedal
