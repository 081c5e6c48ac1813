// Of a program that was built without the browser's pages.
#include "main/web_files.hpp"

namespace baedal {

std::span<const http::StaticFile> web_files() { return {}; }

}  // namespace baedal
