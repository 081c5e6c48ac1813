// What only SQLite can do wrong: files, locks, disks, processes.

#include "platform/store/sqlite/sqlite_store.hpp"

#include "platform/store/sqlite/sqlite_under_test.hpp"

BAEDAL_STORE_CONFORMANCE(Sqlite, [] { return std::make_unique<baedal::store::SqliteUnderTest>(); });
