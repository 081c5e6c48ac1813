#pragma once

#include <string>
#include <string_view>

namespace baedal::config {

/// `text` as it may be shown: the password of a URL ("//user:***@host") or of a connection string
/// ("password=***") is left out. Rather too much is left out than too little, for a password may
/// hold characters that it ought not to.
[[nodiscard]] std::string masked(std::string_view text);

}  // namespace baedal::config
