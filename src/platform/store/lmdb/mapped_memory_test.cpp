#include "platform/store/lmdb/mapped_memory.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fstream>
#include <numeric>
#include <span>

#include "platform/store/lmdb/test_support.hpp"

namespace baedal::store::lmdb {
namespace {

constexpr std::size_t kBytes = std::size_t{8} << 20;

/// A file of ones, mapped as LMDB maps its own.
class MappedFile {
 public:
  explicit MappedFile(const std::filesystem::path& path) {
    std::ofstream(path) << std::string(kBytes, '\1');
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    at_ = ::mmap(nullptr, kBytes, PROT_READ, MAP_SHARED, fd, 0);
    ::close(fd);
  }
  ~MappedFile() { ::munmap(at_, kBytes); }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  [[nodiscard]] std::size_t sum() const {
    const std::span bytes(static_cast<const unsigned char*>(at_), kBytes);
    return std::accumulate(bytes.begin(), bytes.end(), std::size_t{0});
  }

 private:
  void* at_;
};

TEST(MappedMemory, what_is_released_is_no_memory_of_the_process_and_can_still_be_read) {
  const TempFolder folder;
  const std::filesystem::path in = folder.store();
  std::filesystem::create_directories(in);
  const MappedFile file(in / "data");
  const MappedFile other(in / "other");
  EXPECT_EQ(file.sum() + other.sum(), 2 * kBytes);
  const std::size_t before = mapped_bytes_resident();
  ASSERT_GE(before, 2 * kBytes);

  EXPECT_EQ(release_maps_of(in / "data"), kBytes);

  const std::size_t after = mapped_bytes_resident();
  EXPECT_LE(after + kBytes / 2, before);
  EXPECT_GE(after, kBytes) << "the other file's stays";
  EXPECT_EQ(file.sum(), kBytes);
}

TEST(MappedMemory, a_file_that_is_not_mapped_or_not_there_is_left_alone) {
  const TempFolder folder;
  const std::filesystem::path in = folder.store();
  std::filesystem::create_directories(in);
  std::ofstream(in / "data") << "1";
  EXPECT_EQ(release_maps_of(in / "data"), 0U);
  EXPECT_EQ(release_maps_of(in / "missing"), 0U);
}

}  // namespace
}  // namespace baedal::store::lmdb
