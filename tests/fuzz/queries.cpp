// Request targets and their queries: what is taken has one path, in one form.
#include <array>

#include "fuzz.hpp"
#include "platform/http/hal/list_query.hpp"
#include "platform/http/message.hpp"
#include "platform/http/target.hpp"

using baedal::fuzz::promise;
using namespace baedal::http;

namespace {

constexpr std::array kProperties = {
    hal::Property{.name = "id", .type = hal::PropertyType::kInteger, .sortable = true},
    hal::Property{.name = "name", .type = hal::PropertyType::kText}};
constexpr hal::ResourceType kThings{.service = "a",
                                    .item = "thing",
                                    .collection = "things",
                                    .properties = kProperties,
                                    .searches = {}};

void check_target(std::string_view text) {
  const auto target = parse_target(text);
  if (!target) return;
  const std::string plain = plain_form(*target);
  const auto again = parse_target(plain);
  promise(again && plain_form(*again) == plain);
  const auto decoded = percent_decode(again->path, false);
  promise(decoded.has_value());
  promise(decoded->find("/../") == std::string::npos && !decoded->ends_with("/.."));
  promise(percent_decode(target->path, false) == decoded);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = baedal::fuzz::text_of(data, size);
  check_target(text);
  (void)is_authority(text);
  (void)parse_query(text);
  const hal::ListQuery query = hal::parse_list_query(kThings, text);
  promise(query.page >= 0 && query.size >= 1 && query.size <= hal::kPageSizeMax);
  promise(query.sort.size() <= 1);
  return 0;
}
