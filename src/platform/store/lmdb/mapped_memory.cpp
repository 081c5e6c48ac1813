#include "platform/store/lmdb/mapped_memory.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>

namespace baedal::store::lmdb {

std::size_t mapped_bytes_resident() {
  std::ifstream file("/proc/self/statm");
  std::size_t size = 0;
  std::size_t resident = 0;
  std::size_t shared = 0;
  if (!(file >> size >> resident >> shared)) return 0;
  return shared * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t release_maps_of(const std::filesystem::path& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) return 0;
  std::size_t released = 0;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    unsigned major_of = 0;
    unsigned minor_of = 0;
    unsigned long inode = 0;
    // NOLINTNEXTLINE(cert-err34-c): the system's own numbers
    if (std::sscanf(line.c_str(), "%lx-%lx %*s %*x %x:%x %lu", &begin, &end, &major_of, &minor_of,
                    &inode) != 5 ||
        inode != found.st_ino || ::makedev(major_of, minor_of) != found.st_dev) {
      continue;
    }
    // NOLINTNEXTLINE(performance-no-int-to-ptr): so the system names them
    if (::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED) == 0) {
      released += end - begin;
    }
  }
  return released;
}

void MappedMemory::trim() {
  const auto now = std::chrono::steady_clock::now();
  if (now - looked_at_ < kInterval) return;
  looked_at_ = now;
  if (mapped_bytes_resident() > kResidentBytesMax) release_maps_of(file_);
}

}  // namespace baedal::store::lmdb
