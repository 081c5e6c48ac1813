#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "platform/messaging/conformance/test_support.hpp"
#include "platform/messaging/embedded/log.hpp"

namespace baedal::messaging {

inline std::unique_ptr<Log> open_log(const std::filesystem::path& folder, LogOptions options = {}) {
  auto log = Log::open(folder, options);
  EXPECT_TRUE(log) << log.error().detail;
  return log ? std::move(*log) : nullptr;
}

inline Result<Offset> append_text(Log& log, const std::string& text) {
  RecordBatch batch;
  EXPECT_TRUE(batch.add(text));
  return log.append(batch);
}

/// Every payload from `from` on; with a small buffer, so that reading goes on many times.
inline std::vector<std::string> texts_from(const Log& log, Offset from) {
  std::vector<std::string> texts;
  while (true) {
    const auto read = log.read(from, 64);
    EXPECT_TRUE(read) << read.error().detail;
    if (!read || read->records.empty()) return texts;
    for (const auto& record : read->records) texts.emplace_back(record.payload);
    from = read->next;
  }
}
inline std::vector<std::string> all_texts(const Log& log) {
  return texts_from(log, log.begin_offset());
}

inline std::vector<std::string> numbered(int first, int count) {
  std::vector<std::string> texts;
  for (int i = first; i < first + count; ++i) texts.push_back("event " + std::to_string(i));
  return texts;
}

/// The segment files of a log, in order.
inline std::vector<std::filesystem::path> segment_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".log") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace baedal::messaging
