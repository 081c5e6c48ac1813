#pragma once

#include <string_view>

/// Of this build. Defined in a file of its own that CMake makes, so that a new commit compiles
/// nothing else anew.
namespace baedal {

extern const std::string_view kVersion;    ///< the project's
extern const std::string_view kGitCommit;  ///< of the checkout; empty: not known

}  // namespace baedal
