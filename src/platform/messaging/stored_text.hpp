#pragma once

#include <string>
#include <string_view>

namespace baedal::messaging {

// Bytes of others as a text that every store can hold: a poison event may be no text at all, and
// not every product takes a zero byte or what is not UTF-8. Text stays as it is.

[[nodiscard]] std::string to_stored_text(std::string_view bytes);
/// The same, and short enough for any product's index: of a very long one its beginning and a hash.
[[nodiscard]] std::string to_indexed_text(std::string_view bytes);
/// What to_stored_text() was given, or to_indexed_text() if that was not too long.
[[nodiscard]] std::string from_stored_text(std::string_view text);

}  // namespace baedal::messaging
