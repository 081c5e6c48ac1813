// A document and a JSON Patch for it, with a line end between: applying it ends, in bounded memory,
// and what it changed says what has changed.
#include "fuzz.hpp"
#include "kernel/json/parse.hpp"
#include "platform/http/hal/patch.hpp"

using baedal::fuzz::promise;
using namespace baedal;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = fuzz::text_of(data, size);
  const auto before = json::parse(fuzz::take_line(text));
  const auto patch = json::parse(text);
  if (!before || !patch) return 0;
  const auto after = http::hal::apply_json_patch(*before, *patch);
  const auto* from = before->get<json::Object>();
  const auto* to = after ? after->get<json::Object>() : nullptr;
  if (from == nullptr || to == nullptr) return 0;
  const json::Object changes = http::hal::changed_members(*from, *to);
  for (const auto& [name, value] : changes) {
    const json::Value* now = to->find(name);
    promise(now != nullptr ? *now == value : value.is_null());
  }
  return 0;
}
