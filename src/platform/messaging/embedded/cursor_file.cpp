#include "platform/messaging/embedded/cursor_file.hpp"

#include <array>
#include <cstring>

#include "platform/messaging/embedded/crc32c.hpp"

namespace baedal::messaging {
namespace {

struct Slot {
  std::uint64_t generation = 0;  ///< the higher one is the newer; from 1
  std::uint64_t epoch = 0;
  Offset offset = 0;
  std::uint32_t version = 1;
  std::uint32_t crc = 0;  ///< of the bytes before it
};
static_assert(sizeof(Slot) == 32);

std::uint32_t checksum(const Slot& slot) { return crc32c(&slot, offsetof(Slot, crc)); }

/// The newer of the two slots; generation 0 when nothing was ever saved.
Result<Slot> read_newest(const File& file) {
  std::array<Slot, 2> slots;
  std::memset(static_cast<void*>(slots.data()), 0, sizeof slots);
  auto got = file.read_at(0, {reinterpret_cast<char*>(slots.data()), sizeof slots});
  if (!got) return pass_on(got);
  Slot newest{};
  int written = 0;
  for (const Slot& slot : slots) {
    static constexpr std::array<char, sizeof(Slot)> kZeros{};
    if (std::memcmp(&slot, kZeros.data(), sizeof slot) == 0) continue;
    ++written;
    if (slot.crc == checksum(slot) && slot.generation > newest.generation) newest = slot;
  }
  // One slot written and not whole is the very first write, torn: nothing was ever kept.
  if (written == 2 && newest.generation == 0) {
    return fail(ErrorKind::kInternal, "cursor-damaged",
                "The position kept in '" + file.name() +
                    "' is damaged. Remove the file to begin again at the earliest event; events "
                    "handled before are recognised by their ids.");
  }
  return newest;
}

}  // namespace

Result<CursorFile> CursorFile::open(const std::filesystem::path& path, IoFaults* faults) {
  auto file = File::open(path, File::Mode::kCreate, faults);
  if (!file) return pass_on(file);
  CursorFile cursor_file(std::move(*file));
  auto newest = read_newest(cursor_file.file_);
  if (!newest) return pass_on(newest);
  cursor_file.generation_ = newest->generation;
  if (newest->generation > 0) cursor_file.cursor_ = Cursor{newest->epoch, newest->offset};
  return cursor_file;
}

Result<void> CursorFile::save(const Cursor& cursor) {
  Slot slot{.generation = generation_ + 1, .epoch = cursor.epoch, .offset = cursor.offset};
  slot.crc = checksum(slot);
  const std::uint64_t position = (slot.generation % 2) * sizeof slot;
  auto written = file_.write_at(position, {reinterpret_cast<const char*>(&slot), sizeof slot});
  if (!written) return written;
  ++generation_;
  cursor_ = cursor;
  return {};
}

Result<std::optional<Cursor>> read_cursor(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::optional<Cursor>{};
  auto file = File::open(path, File::Mode::kRead);
  if (!file) return pass_on(file);
  auto newest = read_newest(*file);
  if (!newest) return pass_on(newest);
  if (newest->generation == 0) return std::optional<Cursor>{};
  return std::optional<Cursor>{Cursor{newest->epoch, newest->offset}};
}

}  // namespace baedal::messaging
