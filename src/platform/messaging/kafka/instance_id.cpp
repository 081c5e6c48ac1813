#include "platform/messaging/kafka/instance_id.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <random>
#include <system_error>
#include <utility>

namespace baedal::messaging {
namespace {

constexpr std::size_t kNameSize = 16;

std::string draw_name() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::random_device random;
  std::uniform_int_distribution<std::size_t> digit(0, digits.size() - 1);
  std::string name;
  for (std::size_t n = 0; n < kNameSize; ++n) name += digits[digit(random)];
  return name;
}

bool is_name(std::string_view text) {
  return text.size() == kNameSize && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::unexpected<Error> refused(const std::filesystem::path& file, int error) {
  return unavailable("no-instance-file", "The file " + file.string() + " cannot be used: " +
                                             std::generic_category().message(error) + ".");
}

}  // namespace

Result<InstanceId> InstanceId::of_folder(const std::filesystem::path& folder) {
  const auto file = folder / "instance";
  std::error_code ec;
  std::filesystem::create_directories(folder, ec);
  if (ec) return refused(folder, ec.value());
  InstanceId id;
  id.descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (id.descriptor_ < 0) return refused(file, errno);
  if (::flock(id.descriptor_, LOCK_EX | LOCK_NB) != 0) return id;
  std::array<char, kNameSize + 1> text{};
  const auto size = ::pread(id.descriptor_, text.data(), text.size(), 0);
  if (size < 0) return refused(file, errno);
  std::string name{text.data(), static_cast<std::size_t>(size)};
  if (name.ends_with('\n')) name.pop_back();
  if (!is_name(name)) {
    // New, or cut short by a crash: another name is only another member.
    name = draw_name();
    const std::string line = name + '\n';
    if (::ftruncate(id.descriptor_, 0) != 0 ||
        ::pwrite(id.descriptor_, line.data(), line.size(), 0) != std::ssize(line)) {
      return refused(file, errno);
    }
  }
  id.name_ = std::move(name);
  return id;
}

InstanceId::InstanceId(InstanceId&& other) noexcept
    : name_(std::move(other.name_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

InstanceId& InstanceId::operator=(InstanceId&& other) noexcept {
  std::swap(name_, other.name_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

InstanceId::~InstanceId() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace baedal::messaging
