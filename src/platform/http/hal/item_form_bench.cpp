// One item as a HAL document: by its form, and member by member through the JSON writer.
#include <benchmark/benchmark.h>

#include "kernel/json/writer.hpp"
#include "platform/http/hal/item_form.hpp"
#include "platform/http/hal/render.hpp"

namespace baedal::http::hal {
namespace {

constexpr Property kProperties[] = {{.name = "thingId", .type = PropertyType::kInteger},
                                    {.name = "name", .type = PropertyType::kText},
                                    {.name = "qty", .type = PropertyType::kInteger},
                                    {.name = "status", .type = PropertyType::kText},
                                    {.name = "parentId", .type = PropertyType::kInteger},
                                    {.name = "version", .type = PropertyType::kInteger},
                                    {.name = "createdAt", .type = PropertyType::kTimestamp}};
constexpr ResourceType kThings{.service = "thing",
                               .item = "thing",
                               .collection = "things",
                               .properties = kProperties,
                               .searches = {}};
constexpr std::string_view kBase = "http://localhost:8080";

Resource thing() {
  constexpr std::int64_t kCreated = 1'795'385'658'776'123;
  return {.id = 1234567,
          .version = 3,
          .values = {std::int64_t{1234567}, "a name", 2, "waiting", nullptr, 3, kCreated}};
}

void item_by_form(benchmark::State& state) {
  const ItemForm form(kThings, {});
  const Resource item = thing();
  std::string out;
  for (auto _ : state) {
    out.clear();
    form.append_to(out, item, kBase);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(state.iterations() * std::ssize(out));
}
BENCHMARK(item_by_form);

void item_by_writer(benchmark::State& state) {
  const Resource item = thing();
  const std::string href = std::string{kBase} + "/things/1234567";
  for (auto _ : state) {
    json::Writer out;
    out.begin_object();
    for (std::size_t i = 0; i < std::size(kProperties); ++i) {
      out.name(kProperties[i].name).value(shown(kProperties[i], item.values[i]));
    }
    out.name("_links").begin_object();
    for (const std::string_view rel : {"self", "thing"}) {
      out.name(rel).begin_object().name("href").string(href).end_object();
    }
    out.end_object().end_object();
    benchmark::DoNotOptimize(out.take());
  }
}
BENCHMARK(item_by_writer);

}  // namespace
}  // namespace baedal::http::hal
