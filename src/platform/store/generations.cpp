#include "platform/store/generations.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "kernel/text.hpp"

namespace baedal::store {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> file_error(const char* what) {
  return unavailable("store-files", std::string{"The folder of the store cannot be "} + what + ".");
}

bool write_synced(const fs::path& path, std::string_view text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return false;
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       ::fsync(fd) == 0;
  return ::close(fd) == 0 && written;
}

bool sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool synced = ::fsync(fd) == 0;
  return ::close(fd) == 0 && synced;
}

}  // namespace

Generations::Generations(fs::path folder, Opener opener)
    : Generations(std::move(folder), std::move(opener), Removal{}) {}

Generations::Generations(fs::path folder, Opener opener, Removal removal)
    : folder_(std::move(folder)), opener_(std::move(opener)), removal_(std::move(removal)) {}

Result<std::unique_ptr<Store>> Generations::open_current() {
  std::error_code ec;
  fs::create_directories(folder_, ec);
  if (ec) return file_error("made");
  auto current = read_current();
  if (!current) return pass_on(current);
  current_ = *current;
  if (current_ == 0) {
    current_ = 1;
    if (auto written = write_current(current_); !written) return pass_on(written);
  }
  // Opened first: the folder may be another process's, whose rebuild is under way.
  auto opened = opener_(path_of(current_));
  if (opened) remove_all_but(current_);
  return opened;
}

Result<fs::path> Generations::current_path() const {
  const auto current = read_current();
  if (!current) return std::unexpected(current.error());
  std::error_code ec;
  fs::path path = path_of(*current);
  if (*current != 0 && fs::exists(path, ec)) return path;
  return fail(ErrorKind::kNotFound, "store-not-made",
              "There is no store in " + folder_.string() + " yet.");
}

Result<std::unique_ptr<Store>> Generations::inspect_current() {
  const auto path = current_path();
  if (!path) return std::unexpected(path.error());
  return opener_(*path);
}

Result<std::unique_ptr<Store>> Generations::begin_fresh() {
  fresh_ = current_ + 1;
  remove(path_of(fresh_));
  return opener_(path_of(fresh_));
}

Result<void> Generations::promote() {
  if (auto written = write_current(fresh_); !written) {
    // Perhaps renamed already, only not durable: the old one stays the current one.
    static_cast<void>(write_current(current_));
    return written;
  }
  current_ = std::exchange(fresh_, 0);
  if (removal_.while_open) remove_all_but(current_);
  return {};
}

void Generations::discard() {
  if (fresh_ != 0) remove(path_of(std::exchange(fresh_, 0)));
  if (removal_.while_open) remove_all_but(current_);
}

fs::path Generations::path_of(std::int64_t number) const {
  return folder_ / ("generation-" + std::to_string(number));
}

Result<std::int64_t> Generations::read_current() const {
  const int fd = ::open((folder_ / "CURRENT").c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return 0;
  if (fd < 0) return file_error("read");  // not "none": what is there would be taken for left over
  std::array<char, 32> text{};
  const ssize_t length = ::read(fd, text.data(), text.size());
  ::close(fd);
  std::string_view digits{text.data(), length < 0 ? 0 : static_cast<std::size_t>(length)};
  if (digits.ends_with('\n')) digits.remove_suffix(1);
  const auto number = parse_int64(digits);
  if (number && *number > 0) return *number;
  return fail(ErrorKind::kInternal, "store-damaged",
              "The file CURRENT in " + folder_.string() +
                  " is damaged. Remove that folder: the view is rebuilt from the events.");
}

Result<void> Generations::write_current(std::int64_t number) {
  const fs::path fresh = folder_ / "CURRENT.new";
  std::error_code ec;
  if (!write_synced(fresh, std::to_string(number) + "\n")) return file_error("written");
  fs::rename(fresh, folder_ / "CURRENT", ec);
  if (ec || !sync_folder(folder_)) return file_error("written");
  return {};
}

void Generations::remove_all_but(std::int64_t number) {
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder_, ec)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("generation-") && entry.path() != path_of(number)) remove(entry.path());
  }
}

void Generations::remove(const fs::path& generation) {
  if (removal_.remove) removal_.remove(generation);
  std::error_code ignored;
  fs::remove_all(generation, ignored);
}

}  // namespace baedal::store
