#include "platform/http/hal/resource.hpp"

#include "kernel/assert.hpp"
#include "kernel/timestamp.hpp"

namespace baedal::http::hal {

json::Value shown(const Property& property, const json::Value& value) {
  const auto* micros = value.get<std::int64_t>();
  if (property.type != PropertyType::kTimestamp || micros == nullptr) return value;
  return Timestamp{*micros}.iso8601();
}

// A method that ResourceType exports must be overridden: reaching one of these is a programmer
// error.

Task<Result<ResourcePage>> Resources::search(std::string_view, const json::Value&,
                                             const ListQuery&) {
  BAEDAL_ASSERT(!"search exported but not implemented");
  co_return ResourcePage{};
}

Task<Result<std::optional<Written>>> Resources::recall(const OnceKey&) { co_return std::nullopt; }

Task<Result<Written>> Resources::create(const json::Object&, const OnceKey&) {
  BAEDAL_ASSERT(!"create exported but not implemented");
  co_return Written{};
}

Task<Result<Written>> Resources::change(std::int64_t, const json::Object&, const Precondition&,
                                        const OnceKey&) {
  BAEDAL_ASSERT(!"change exported but not implemented");
  co_return Written{};
}

Task<Result<Written>> Resources::replace(std::int64_t, const json::Object&, const Precondition&,
                                         const OnceKey&) {
  BAEDAL_ASSERT(!"replace exported but not implemented");
  co_return Written{};
}

Task<Result<void>> Resources::erase(std::int64_t, const Precondition&) {
  BAEDAL_ASSERT(!"erase exported but not implemented");
  co_return Result<void>{};
}

Task<Result<void>> Resources::admit(const auth::Principal&, std::int64_t) {
  co_return Result<void>{};
}

Task<Result<ResourcePage>> Resources::list_for(const auth::Principal&, const ListQuery& query) {
  return list(query);
}

Task<Result<ResourcePage>> Resources::search_for(const auth::Principal&, std::string_view name,
                                                 const json::Value& argument,
                                                 const ListQuery& query) {
  return search(name, argument, query);
}

Task<Result<Written>> Resources::create_by(const auth::Principal&, const json::Object& body,
                                           const OnceKey& key) {
  return create(body, key);
}

Task<Result<Written>> Resources::change_by(const auth::Principal&, std::int64_t id,
                                           const json::Object& body,
                                           const Precondition& precondition, const OnceKey& key) {
  return change(id, body, precondition, key);
}

Task<Result<Written>> Resources::replace_by(const auth::Principal&, std::int64_t id,
                                            const json::Object& body,
                                            const Precondition& precondition, const OnceKey& key) {
  return replace(id, body, precondition, key);
}

}  // namespace baedal::http::hal
