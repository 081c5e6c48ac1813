#pragma once

#include <map>

#include "kernel/async/executor.hpp"
#include "platform/http/hal/resource.hpp"

namespace baedal::http::hal {

inline constexpr Property kProperties[] = {
    {.name = "name",
     .type = PropertyType::kText,
     .writable = true,
     .original = true,
     .sortable = true},
    {.name = "count", .type = PropertyType::kInteger, .writable = true},
    {.name = "version", .type = PropertyType::kInteger}};
inline constexpr Search kSearches[] = {{"findByName", "name", PropertyType::kText, true},
                                       {"findByCount", "count", PropertyType::kInteger, false}};
inline constexpr ResourceType kThings{.service = "thing",
                                      .item = "thing",
                                      .collection = "things",
                                      .properties = kProperties,
                                      .searches = kSearches,
                                      .creatable = true,
                                      .patchable = true,
                                      .replaceable = true,
                                      .erasable = true};

/// Things in a map. Every write goes to the back of the executor first, as a commit does, so that
/// others come in between.
class Things final : public Resources {
 public:
  [[nodiscard]] const ResourceType& type() const override { return kThings; }

  Task<Result<std::optional<Resource>>> find(std::int64_t id) override {
    const auto at = things_.find(id);
    co_return at == things_.end() ? std::nullopt : std::optional{at->second};
  }
  Task<Result<ResourcePage>> list(const ListQuery& query) override {
    ResourcePage page{.items = {}, .total = static_cast<std::int64_t>(things_.size())};
    for (const auto& [id, thing] : things_) {
      if (id > query.page * query.size && id <= (query.page + 1) * query.size)
        page.items.push_back(thing);
    }
    co_return page;
  }
  Task<Result<ResourcePage>> search(std::string_view name, const json::Value& argument,
                                    const ListQuery&) override {
    ResourcePage hits;
    for (const auto& [id, thing] : things_) {
      if (thing.values[name == "findByName" ? 0 : 1] == argument) hits.items.push_back(thing);
    }
    co_return hits;
  }
  Task<Result<std::optional<Written>>> recall(const OnceKey& key) override {
    const auto kept = kept_.find(key.key);
    co_return kept == kept_.end() ? std::nullopt : std::optional{Written{kept->second, true}};
  }
  Task<Result<Written>> create(const json::Object& body, const OnceKey& key) override {
    co_await yield();
    const auto id = static_cast<std::int64_t>(things_.size()) + 1;
    things_[id] = {.id = id, .version = 1, .values = {nullptr, 0, 1}};
    co_return keep(key, set(things_[id], body));
  }
  Task<Result<Written>> change(std::int64_t id, const json::Object& body,
                               const Precondition& precondition, const OnceKey& key) override {
    co_await yield();
    const auto at = things_.find(id);
    if (at == things_.end())
      co_return fail(ErrorKind::kNotFound, "thing-not-found", "No such thing.");
    Resource& thing = at->second;
    if (!precondition.allows(thing.version)) {
      co_return fail(ErrorKind::kPreconditionFailed, "version-mismatch", "Another version.");
    }
    if (thing.values[0] == json::Value{"frozen"}) {
      co_return fail(ErrorKind::kConflict, "thing-frozen", "It is frozen.");
    }
    ++thing.version;
    co_return keep(key, set(thing, body));
  }
  Task<Result<Written>> replace(std::int64_t id, const json::Object& body,
                                const Precondition& precondition, const OnceKey& key) override {
    return change(id, body, precondition, key);
  }
  Task<Result<void>> erase(std::int64_t id, const Precondition& precondition) override {
    const auto at = things_.find(id);
    if (at == things_.end())
      co_return fail(ErrorKind::kNotFound, "thing-not-found", "No such thing.");
    if (!precondition.allows(at->second.version)) {
      co_return fail(ErrorKind::kPreconditionFailed, "version-mismatch", "Another version.");
    }
    things_.erase(at);
    co_return Result<void>{};
  }

 private:
  static const Resource& set(Resource& thing, const json::Object& body) {
    if (const json::Value* name = body.find("name")) thing.values[0] = *name;
    if (const json::Value* count = body.find("count")) thing.values[1] = *count;
    thing.values[2] = thing.version;
    return thing;
  }
  Written keep(const OnceKey& key, const Resource& thing) {
    if (!key.empty()) kept_[key.key] = thing;
    return {thing, false};
  }

  std::map<std::int64_t, Resource> things_;
  std::map<std::string, Resource> kept_;
};

}  // namespace baedal::http::hal
