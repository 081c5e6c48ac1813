#include "platform/messaging/embedded/segment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <system_error>

#include "kernel/text.hpp"
#include "platform/messaging/embedded/crc32c.hpp"
#include "platform/messaging/embedded/record.hpp"

namespace baedal::messaging {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".log";
constexpr std::string_view kUnfinishedSuffix = ".new";
constexpr std::array<char, 8> kMagic = {'B', 'U', 'S', 'L', 'O', 'G', '\r', '\n'};
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kScanBytes = std::size_t{1} << 20;

struct Header {
  std::array<char, 8> magic = kMagic;
  std::uint32_t version = kVersion;
  std::uint32_t crc = 0;  ///< of the bytes behind it
  std::uint64_t epoch = 0;
  Offset base = 0;
  std::array<char, 32> reserved{};
};
static_assert(sizeof(Header) == kSegmentHeaderBytes);

std::uint32_t checksum(const Header& header) {
  constexpr std::size_t kFrom = offsetof(Header, epoch);
  return crc32c(reinterpret_cast<const char*>(&header) + kFrom, sizeof header - kFrom);
}

std::unexpected<Error> damaged(std::string detail) {
  return fail(ErrorKind::kInternal, "log-damaged", std::move(detail));
}

/// The base an entry of the folder is named by; nullopt when it is no segment.
std::optional<Offset> base_of_name(const std::string& name) {
  if (name.size() != 20 + kSuffix.size() || !name.ends_with(kSuffix)) return std::nullopt;
  return parse_int64(std::string_view(name).substr(0, 20));
}

Result<Segment> read_segment(const fs::path& path, Offset base) {
  auto file = File::open(path, File::Mode::kRead);
  if (!file) return pass_on(file);
  Header header;
  auto got = file->read_at(0, {reinterpret_cast<char*>(&header), sizeof header});
  if (!got) return pass_on(got);
  const bool known = *got == sizeof header && header.magic == kMagic;
  if (known && header.version != kVersion) {
    return damaged(
        fmt::format("The event log's file '{}' has format {}, this program knows {}: "
                    "run the program that wrote it, or a newer one.",
                    file->name(), header.version, kVersion));
  }
  if (!known || header.crc != checksum(header) || header.base != base) {
    return damaged(
        fmt::format("The event log's file '{}' has a damaged header: restore the "
                    "log's folder from a copy.",
                    file->name()));
  }
  auto size = file->size();
  if (!size) return pass_on(size);
  return Segment{path, header.epoch, base, base + static_cast<Offset>(*size - kSegmentHeaderBytes)};
}

Result<void> check_order(const std::vector<Segment>& segments) {
  for (std::size_t i = 1; i < segments.size(); ++i) {
    const Segment& before = segments[i - 1];
    const Segment& here = segments[i];
    if (before.end != here.base || before.epoch > here.epoch) {
      return damaged(fmt::format(
          "The event log has a hole: '{}' ends at {}, the next file is '{}'. A file is missing or "
          "was cut; restore the log's folder from a copy.",
          before.path.filename().string(), before.end, here.path.filename().string()));
    }
  }
  return {};
}

}  // namespace

Result<std::vector<Segment>> list_segments(const fs::path& folder) {
  std::vector<Segment> segments;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const auto base = base_of_name(it->path().filename().string());
    if (!base) continue;
    auto segment = read_segment(it->path(), *base);
    if (!segment) return pass_on(segment);
    segments.push_back(std::move(*segment));
  }
  if (error) return unavailable("log-io", "cannot list the event log's folder: " + error.message());
  std::ranges::sort(segments, {}, &Segment::base);
  if (auto ordered = check_order(segments); !ordered) return pass_on(ordered);
  return segments;
}

Result<Segment> create_segment(const fs::path& folder, std::uint64_t epoch, Offset base,
                               IoFaults* faults) {
  const fs::path path = folder / fmt::format("{:020}{}", base, kSuffix);
  const fs::path unfinished = folder / fmt::format("{:020}{}", base, kUnfinishedSuffix);
  auto file = File::open(unfinished, File::Mode::kCreate, faults);
  if (!file) return pass_on(file);
  Header header;
  header.epoch = epoch;
  header.base = base;
  header.crc = checksum(header);
  auto done = file->write_at(0, {reinterpret_cast<const char*>(&header), sizeof header});
  if (done) done = file->sync();
  if (!done) return pass_on(done);
  std::error_code error;
  fs::rename(unfinished, path, error);
  if (error) return unavailable("log-io", "cannot create a file of the log: " + error.message());
  if (auto synced = sync_folder(folder); !synced) return pass_on(synced);
  return Segment{path, epoch, base, base};
}

void remove_unfinished_segments(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> unfinished;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == kUnfinishedSuffix) unfinished.push_back(it->path());
  }
  for (const fs::path& path : unfinished) fs::remove(path, error);
}

Result<Offset> end_of_whole_records(const Segment& segment, const File& file, Offset from) {
  std::string buffer;
  std::size_t want = kScanBytes;
  while (true) {
    buffer.resize(want);
    auto got = file.read_at(segment.position_of(from), buffer);
    if (!got) return pass_on(got);
    std::string_view rest(buffer.data(), *got);
    ParsedRecord record = parse_record(rest);
    while (record.state == ParsedRecord::State::kWhole) {
      rest.remove_prefix(record.size);
      from += static_cast<Offset>(record.size);
      record = parse_record(rest);
    }
    const bool at_end = *got < want;
    if (at_end || record.state == ParsedRecord::State::kDamaged) return from;
    want = std::max(kScanBytes, record.size);
  }
}

}  // namespace baedal::messaging
