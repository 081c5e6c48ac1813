#pragma once

namespace baedal::store::sqlite {

/// Name of a file system for SQLite: the system's own, but the write-ahead log is written in one
/// piece per commit. SQLite writes a header of 24 bytes and then a page, for each page of a commit;
/// a group of forty orders is about fifty system calls that way, and one or two this way.
///
/// Only for connections with synchronous = FULL: those sync the log before they show a commit to
/// anyone, and what waits here is written then, or earlier when it is read or much. A write that
/// fails is told with the sync, which fails the commit as a failed write would have.
///
/// Any thread; each connection has its own file.
[[nodiscard]] const char* log_gathering_vfs();

}  // namespace baedal::store::sqlite
