// The log in good times: what is appended is read, across files, opens and readers.
#include "platform/messaging/embedded/log.hpp"

#include <thread>

#include "platform/messaging/embedded/log_test_support.hpp"

namespace baedal::messaging {
namespace {

namespace fs = std::filesystem;

TEST(Log, reads_what_was_appended_from_any_offset) {
  const TempFolder folder;
  const auto log = open_log(folder.path());
  const auto texts = numbered(0, 100);
  std::vector<Offset> offsets;
  for (const auto& text : texts) offsets.push_back(append_text(*log, text).value());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::vector<std::string> rest(texts.begin() + static_cast<std::ptrdiff_t>(i),
                                        texts.end());
    EXPECT_EQ(texts_from(*log, offsets[i]), rest);
  }
  EXPECT_TRUE(texts_from(*log, log->end_offset()).empty());
}

TEST(Log, a_batch_gets_consecutive_offsets_and_one_longer_than_the_read_buffer_is_read) {
  const TempFolder folder;
  const auto log = open_log(folder.path());
  RecordBatch batch;
  const std::string large(3'000'000, 'x');
  ASSERT_TRUE(batch.add("small"));
  ASSERT_TRUE(batch.add(large));
  ASSERT_TRUE(log->append(batch));
  EXPECT_EQ(all_texts(*log), (std::vector<std::string>{"small", large}));
  EXPECT_EQ(log->end_offset(), static_cast<Offset>(batch.bytes().size()));
}

TEST(Log, goes_on_after_a_reopen_in_a_new_epoch) {
  const TempFolder folder;
  auto log = open_log(folder.path());
  EXPECT_EQ(log->epoch(), 1U);
  for (const auto& text : numbered(0, 3)) ASSERT_TRUE(append_text(*log, text));
  const Offset end = log->end_offset();
  log.reset();
  log = open_log(folder.path());
  EXPECT_EQ(log->epoch(), 2U);
  EXPECT_EQ(log->end_offset(), end);
  for (const auto& text : numbered(3, 3)) ASSERT_TRUE(append_text(*log, text));
  EXPECT_EQ(all_texts(*log), numbered(0, 6));
}

TEST(Log, opens_without_appends_leave_one_empty_file_and_still_count_epochs) {
  const TempFolder folder;
  for (std::uint64_t epoch = 1; epoch <= 5; ++epoch) {
    EXPECT_EQ(open_log(folder.path())->epoch(), epoch);
  }
  EXPECT_EQ(segment_files(folder.path()).size(), 1U);
}

TEST(Log, ends_a_file_at_its_limit_and_reads_across_files) {
  const TempFolder folder;
  const auto log = open_log(folder.path(), {.segment_bytes = 100});
  for (const auto& text : numbered(0, 100)) ASSERT_TRUE(append_text(*log, text));
  EXPECT_GT(segment_files(folder.path()).size(), 10U);
  EXPECT_EQ(all_texts(*log), numbered(0, 100));
}

TEST(Log, sync_moves_the_synced_offset) {
  const TempFolder folder;
  const auto log = open_log(folder.path());
  ASSERT_TRUE(append_text(*log, "text"));
  EXPECT_EQ(log->synced_offset(), 0);
  ASSERT_TRUE(log->sync());
  EXPECT_EQ(log->synced_offset(), log->end_offset());
}

TEST(Log, a_second_process_is_refused_but_may_look) {
  const TempFolder folder;
  const auto log = open_log(folder.path());
  ASSERT_TRUE(append_text(*log, "event 0"));
  const auto second = Log::open(folder.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kConflict);
  const auto look = open_log(folder.path(), {.read_only = true});
  EXPECT_EQ(all_texts(*look), numbered(0, 1));
  EXPECT_FALSE(append_text(*look, "no"));
  EXPECT_FALSE(look->sync());
  EXPECT_FALSE(look->retire(0));
}

TEST(Log, looking_at_a_log_that_is_being_written_gives_whole_records) {
  const TempFolder folder;
  const auto log = open_log(folder.path(), {.segment_bytes = 1000});
  std::jthread writer([&](std::stop_token stop) {
    for (int i = 0; i < 20'000 && !stop.stop_requested(); ++i) {
      EXPECT_TRUE(append_text(*log, "event " + std::to_string(i)));
    }
  });
  for (int looks = 0; looks < 20; ++looks) {
    const auto look = open_log(folder.path(), {.read_only = true});
    const auto texts = all_texts(*look);
    EXPECT_EQ(texts, numbered(0, static_cast<int>(texts.size())));
  }
  writer.request_stop();
}

TEST(Log, retention_by_size_drops_whole_old_files_that_are_handled) {
  const TempFolder folder;
  const auto log = open_log(folder.path(), {.segment_bytes = 100, .retention_bytes = 300});
  for (const auto& text : numbered(0, 100)) ASSERT_TRUE(append_text(*log, text));
  EXPECT_EQ(log->retire(0).value(), 0U);
  EXPECT_EQ(log->begin_offset(), 0);
  EXPECT_GT(log->retire(log->end_offset()).value(), 10U);
  EXPECT_GT(log->begin_offset(), 0);
  const auto texts = all_texts(*log);
  EXPECT_EQ(texts, numbered(100 - static_cast<int>(texts.size()), static_cast<int>(texts.size())));
  EXPECT_EQ(texts_from(*log, 0), texts) << "an offset dropped reads on at the beginning";
}

TEST(Log, retention_by_age_drops_old_files_and_never_the_one_in_use) {
  const TempFolder folder;
  const auto log =
      open_log(folder.path(), {.segment_bytes = 100, .retention_age = std::chrono::hours{1}});
  for (const auto& text : numbered(0, 100)) ASSERT_TRUE(append_text(*log, text));
  EXPECT_EQ(log->retire(log->end_offset()).value(), 0U);
  for (const auto& file : segment_files(folder.path())) {
    fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours{2});
  }
  EXPECT_GT(log->retire(log->end_offset()).value(), 10U);
  EXPECT_EQ(segment_files(folder.path()).size(), 1U);
}

TEST(Log, a_log_with_dropped_files_opens_again) {
  const TempFolder folder;
  const LogOptions options{.segment_bytes = 100, .retention_bytes = 300};
  auto log = open_log(folder.path(), options);
  for (const auto& text : numbered(0, 100)) ASSERT_TRUE(append_text(*log, text));
  ASSERT_TRUE(log->retire(log->end_offset()));
  const auto texts = all_texts(*log);
  log.reset();
  EXPECT_EQ(all_texts(*open_log(folder.path(), options)), texts);
}

}  // namespace
}  // namespace baedal::messaging
