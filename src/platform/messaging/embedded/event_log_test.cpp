// What was appended is there before the syncing thread has written it.
#include "platform/messaging/embedded/event_log.hpp"

#include "platform/messaging/embedded/log_test_support.hpp"

namespace baedal::messaging {
namespace {

using namespace std::chrono_literals;

/// The ids of all events from `from` on, read batch by batch.
std::vector<std::string> ids_from(const EventLog& events, Offset from) {
  std::vector<std::string> ids;
  while (from < events.end_offset()) {
    const auto view = events.read(from);
    if (!view || view->deliveries.empty()) break;
    for (const Delivery& delivery : view->deliveries) ids.push_back(delivery.envelope.id);
    from = view->next;
  }
  return ids;
}

std::vector<std::string> ids_of(const std::vector<Envelope>& events) {
  std::vector<std::string> ids;
  for (const Envelope& event : events) ids.push_back(event.id);
  return ids;
}

/// Writes and syncs at its end only.
EventLog open_lazy(const std::filesystem::path& folder) {
  return EventLog(open_log(folder), 0, {.delay = 1h}, [] {});
}

TEST(EventLog, events_are_read_before_they_are_written_and_are_written_at_the_end) {
  const TempFolder folder;
  auto events = make_events(0, 3 * static_cast<int>(Tail::kChunkEvents));
  events[10].data.assign(1'000'000, 'x');  // longer than what is read at once
  const auto ids = ids_of(events);
  {
    EventLog log = open_lazy(folder.path());
    Offset middle = 0;
    for (std::size_t i = 0; i < events.size(); i += Tail::kChunkEvents) {
      const auto end = log.append(std::span(events).subspan(i, Tail::kChunkEvents));
      ASSERT_TRUE(end);
      if (i == 0) middle = *end;
    }
    EXPECT_EQ(std::filesystem::file_size(segment_files(folder.path()).back()), kSegmentHeaderBytes);
    EXPECT_EQ(ids_from(log, 0), ids);
    EXPECT_EQ(ids_from(log, middle).size(), 2 * Tail::kChunkEvents);
  }
  const EventLog log = open_lazy(folder.path());
  EXPECT_EQ(ids_from(log, 0), ids);
}

TEST(EventLog, a_batch_refused_leaves_nothing_of_it_among_what_is_gathered) {
  const TempFolder folder;
  EventLog log = open_lazy(folder.path());
  auto events = make_events(0, 4);
  const auto ids = ids_of(events);
  ASSERT_TRUE(log.append(std::span(events).first(2)));
  auto too_large = make_events(4, 2);
  too_large[1].data.assign(kPayloadBytesMax + 1, 'x');
  EXPECT_FALSE(log.append(too_large));
  ASSERT_TRUE(log.append(std::span(events).subspan(2)));
  EXPECT_EQ(ids_from(log, 0), ids);
}

}  // namespace
}  // namespace baedal::messaging
