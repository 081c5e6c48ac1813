#pragma once

#include <string>

#include "kernel/error.hpp"

namespace baedal::commands {

/// A new password: the first line of `file`, or, without one, of standard input; of a person it is
/// asked for, twice and unseen. The error is a sentence.
[[nodiscard]] Result<std::string> read_password(const std::string& file);

}  // namespace baedal::commands
