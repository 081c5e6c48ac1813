// The log after power losses, kills and damage. A power loss is a copy of the folder, changed as
// the disk may have left it.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "platform/messaging/embedded/log_test_support.hpp"

namespace baedal::messaging {
namespace {

namespace fs = std::filesystem;

/// A copy of a log's folder, to be changed and opened.
class Copy {
 public:
  explicit Copy(const fs::path& folder) {
    fs::copy(folder, path(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  }
  [[nodiscard]] fs::path path() const { return folder_.path(); }
  [[nodiscard]] fs::path last_file() const { return segment_files(path()).back(); }
  /// As if the mark of what is durable was lost with the rest.
  void forget_synced_mark() const { fs::remove(path() / "synced"); }

 private:
  TempFolder folder_;
};

void flip_bit(const fs::path& file, std::uint64_t position) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(position));
  const char flipped = static_cast<char>(stream.get() ^ 0x10);
  stream.seekp(static_cast<std::streamoff>(position));
  stream.put(flipped);
}

TEST(LogRecovery, a_tail_torn_at_any_byte_leaves_exactly_the_whole_records) {
  const TempFolder folder;
  const auto log = open_log(folder.path());
  std::vector<Offset> ends;
  for (const auto& text : numbered(0, 5)) {
    ASSERT_TRUE(append_text(*log, text));
    ends.push_back(log->end_offset());
  }
  const Copy all(folder.path());
  const auto size = fs::file_size(all.last_file());
  for (auto cut = kSegmentHeaderBytes; cut <= size; ++cut) {
    const Copy copy(all.path());
    fs::resize_file(copy.last_file(), cut);
    const auto reopened = open_log(copy.path());
    const auto whole = std::ranges::count_if(ends, [&](Offset end) {
      return static_cast<std::uint64_t>(end) + kSegmentHeaderBytes <= cut;
    });
    EXPECT_EQ(all_texts(*reopened), numbered(0, static_cast<int>(whole))) << "cut at " << cut;
    ASSERT_TRUE(append_text(*reopened, "after"));
    EXPECT_EQ(all_texts(*reopened).size(), static_cast<std::size_t>(whole) + 1);
  }
}

TEST(LogRecovery, an_unsynced_page_lost_in_the_middle_ends_the_log_there) {
  const TempFolder folder;
  const auto log = open_log(folder.path());
  for (const auto& text : numbered(0, 2)) ASSERT_TRUE(append_text(*log, text));
  const auto hole = static_cast<std::streamoff>(log->end_offset()) +
                    static_cast<std::streamoff>(kSegmentHeaderBytes);
  for (const auto& text : numbered(2, 3)) ASSERT_TRUE(append_text(*log, text));
  const Copy copy(folder.path());
  std::fstream stream(copy.last_file(), std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(hole);
  stream << std::string(10, '\0');
  stream.close();
  EXPECT_EQ(all_texts(*open_log(copy.path())), numbered(0, 2));
}

TEST(LogRecovery, damage_in_what_is_known_to_be_durable_is_refused_with_what_to_do) {
  const TempFolder folder;
  {
    const auto log = open_log(folder.path());
    for (const auto& text : numbered(0, 5)) ASSERT_TRUE(append_text(*log, text));
  }
  const fs::path last = segment_files(folder.path()).back();
  for (auto position = kSegmentHeaderBytes; position < fs::file_size(last); ++position) {
    const Copy copy(folder.path());
    flip_bit(copy.last_file(), position);
    const auto opened = Log::open(copy.path());
    ASSERT_FALSE(opened) << "flipped at " << position;
    EXPECT_EQ(opened.error().kind, ErrorKind::kInternal);
    EXPECT_NE(opened.error().detail.find("Restore the log's folder"), std::string::npos);
  }
}

TEST(LogRecovery, durable_events_that_are_missing_are_refused_until_the_operator_lets_them_go) {
  const TempFolder folder;
  {
    const auto log = open_log(folder.path());
    for (const auto& text : numbered(0, 5)) ASSERT_TRUE(append_text(*log, text));
  }
  const Copy copy(folder.path());
  fs::resize_file(copy.last_file(), fs::file_size(copy.last_file()) - 1);
  ASSERT_FALSE(Log::open(copy.path()));
  copy.forget_synced_mark();
  EXPECT_EQ(all_texts(*open_log(copy.path())), numbered(0, 4));
}

TEST(LogRecovery, a_damaged_header_and_a_missing_file_are_refused) {
  const TempFolder folder;
  {
    const auto log = open_log(folder.path(), {.segment_bytes = 30});
    for (const auto& text : numbered(0, 20)) ASSERT_TRUE(append_text(*log, text));
  }
  for (std::size_t position = 0; position < kSegmentHeaderBytes; ++position) {
    const Copy copy(folder.path());
    flip_bit(segment_files(copy.path()).front(), position);
    EXPECT_FALSE(Log::open(copy.path())) << "flipped at " << position;
  }
  const Copy copy(folder.path());
  fs::remove(segment_files(copy.path())[3]);
  const auto opened = Log::open(copy.path());
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().detail.find("hole"), std::string::npos);
}

TEST(LogRecovery, damage_in_an_older_file_is_found_when_it_is_read) {
  const TempFolder folder;
  {
    const auto log = open_log(folder.path(), {.segment_bytes = 30});
    for (const auto& text : numbered(0, 20)) ASSERT_TRUE(append_text(*log, text));
  }
  flip_bit(segment_files(folder.path()).front(), kSegmentHeaderBytes + 10);
  const auto log = open_log(folder.path());
  const auto read = log->read(0, 1000);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::kInternal);
}

TEST(LogRecovery, a_cursor_beyond_a_lost_tail_goes_back_to_where_the_next_epoch_began) {
  const TempFolder folder;
  auto log = open_log(folder.path());
  for (const auto& text : numbered(0, 3)) ASSERT_TRUE(append_text(*log, text));
  ASSERT_TRUE(log->sync());
  const Offset durable = log->end_offset();
  const Copy last_sync(folder.path());
  ASSERT_TRUE(append_text(*log, "lost"));
  const Cursor beyond{log->epoch(), log->end_offset()};
  const Cursor before{log->epoch(), 0};

  // Another event takes the lost one's offset, and more follow: the cursor must not skip them.
  log = open_log(last_sync.path());
  for (const auto& text : numbered(3, 3)) ASSERT_TRUE(append_text(*log, text));
  EXPECT_EQ(log->resume_offset(beyond).value(), durable);
  EXPECT_EQ(log->resume_offset(before).value(), 0);
  EXPECT_EQ(texts_from(*log, log->resume_offset(beyond).value()), numbered(3, 3));

  // Also when nobody resumed in the epoch after the loss.
  log.reset();
  log = open_log(last_sync.path());
  EXPECT_EQ(log->resume_offset(beyond).value(), durable);
  EXPECT_EQ(log->resume_offset({2, log->end_offset()}).value(), log->end_offset());
  EXPECT_FALSE(log->resume_offset({4, 0})) << "a cursor from the future";
}

TEST(LogRecovery, a_tail_lost_in_an_empty_epoch_is_not_mistaken_for_that_epoch) {
  const TempFolder folder;
  ASSERT_TRUE(append_text(*open_log(folder.path()), "event 0"));
  auto log = open_log(folder.path());
  const Copy epoch_two_empty(folder.path());
  ASSERT_TRUE(append_text(*log, "lost"));
  const Cursor beyond{2, log->end_offset()};
  log = open_log(epoch_two_empty.path());
  EXPECT_EQ(log->epoch(), 3U);
  ASSERT_TRUE(append_text(*log, "event 1"));
  EXPECT_EQ(texts_from(*log, log->resume_offset(beyond).value()), numbered(1, 1));
}

TEST(LogRecovery, a_file_left_half_made_by_a_crash_is_removed) {
  const TempFolder folder;
  open_log(folder.path());
  const fs::path half = folder.path() / "00000000000000000099.new";
  std::ofstream(half) << "half";
  open_log(folder.path());
  EXPECT_FALSE(fs::exists(half));
}

TEST(LogRecovery, files_of_another_format_are_refused_by_name) {
  const TempFolder folder;
  ASSERT_TRUE(append_text(*open_log(folder.path()), "event 0"));
  const fs::path file = segment_files(folder.path()).back();
  flip_bit(file, 8);
  const auto opened = Log::open(folder.path());
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().detail.find(file.filename().string()), std::string::npos);
  EXPECT_NE(opened.error().detail.find("newer"), std::string::npos);
}

/// Appends numbered records until it is killed; tells the number after every sync.
[[noreturn]] void append_until_killed(const fs::path& folder, int report) {
  auto log = Log::open(folder, {.segment_bytes = 4096});
  if (!log) ::_exit(1);
  int next = static_cast<int>(all_texts(**log).size());
  while (true) {
    RecordBatch batch;
    for (const auto& text : numbered(next, 10)) batch.add(text);
    if (!(*log)->append(batch)) ::_exit(1);
    next += 10;
    if (::write(report, &next, sizeof next) != sizeof next) ::_exit(1);
  }
}

TEST(LogRecovery, a_process_killed_while_it_appends_leaves_all_it_reported) {
  const TempFolder folder;
  for (int round = 0; round < 10; ++round) {
    int report[2];
    ASSERT_EQ(::pipe2(report, O_CLOEXEC), 0);
    const pid_t child = ::fork();
    if (child == 0) append_until_killed(folder.path(), report[1]);
    ::close(report[1]);
    int reported = 0;
    for (int reads = 0; reads < 50 + round; ++reads) {
      ASSERT_EQ(::read(report[0], &reported, sizeof reported), ssize_t{sizeof reported});
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ::close(report[0]);
    const auto log = open_log(folder.path());
    const auto texts = all_texts(*log);
    EXPECT_GE(texts.size(), static_cast<std::size_t>(reported));
    EXPECT_EQ(texts, numbered(0, static_cast<int>(texts.size())));
  }
}

}  // namespace
}  // namespace baedal::messaging
