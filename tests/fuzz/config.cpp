// A configuration: up to an empty line flags and variables, then the file. All of it is understood,
// or refused with a sentence for each mistake.
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "fuzz.hpp"
#include "platform/config/load.hpp"
#include "platform/config/platform_settings.hpp"
#include "platform/config/render.hpp"

using baedal::fuzz::promise;
using namespace baedal;

namespace {

/// A file in memory.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view text) : fd_(::memfd_create("config", 0)) {
    promise(::write(fd_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  ~MemoryFile() { ::close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

const config::Registry& the_registry() {
  static const config::Registry registry = [] {
    config::Registry made;
    promise(made.add(config::platform_settings()).has_value());
    return made;
  }();
  return registry;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = fuzz::text_of(data, size);
  config::Sources sources;
  while (!text.empty()) {
    const std::string_view line = fuzz::take_line(text);
    if (line.empty()) break;
    const std::size_t equals = line.find('=');
    if (line.starts_with("--") || equals == std::string_view::npos) {
      if (!line.starts_with("--config.file")) sources.flags.emplace_back(line);
    } else {
      const std::string_view name = line.substr(0, equals);
      if (name.ends_with("_FILE")) continue;  // no other files
      sources.environment.emplace_back(name, line.substr(equals + 1));
    }
  }
  const MemoryFile file(text);
  sources.flags.insert(sources.flags.begin(), "--config.file=" + file.path());
  const auto settings = config::load(the_registry(), sources);
  promise(settings || !settings.error().detail.empty());
  return 0;
}
