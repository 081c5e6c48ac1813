#pragma once

#include <filesystem>
#include <string>

#include "kernel/error.hpp"

namespace baedal::messaging {

/// The name a process has among the members of its consumer groups, kept in a folder of its own:
/// the same after a restart, and never that of another process that runs now.
///
/// <folder>/instance holds the name, drawn when it is made. An flock on it, held while this object
/// lives, keeps two processes on one folder from taking the same name.
class InstanceId {
 public:
  /// Makes the folder and the name when they are missing. The name is empty when another process
  /// has it. kUnavailable when the file can be neither read nor written.
  static Result<InstanceId> of_folder(const std::filesystem::path& folder);

  InstanceId(InstanceId&& other) noexcept;
  InstanceId& operator=(InstanceId&& other) noexcept;
  ~InstanceId();

  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  InstanceId() = default;

  std::string name_;
  int descriptor_ = -1;
};

}  // namespace baedal::messaging
