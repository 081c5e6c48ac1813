#pragma once

#include <span>

#include "platform/http/static_files.hpp"

namespace baedal {

/// The pages of the browser UI, built from web/ with this program; sorted by path. Empty where it
/// was built without them (BAEDAL_WEB=OFF).
[[nodiscard]] std::span<const http::StaticFile> web_files();

}  // namespace baedal
