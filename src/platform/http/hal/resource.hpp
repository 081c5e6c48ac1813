#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/async/task.hpp"
#include "kernel/error.hpp"
#include "kernel/json/value.hpp"
#include "kernel/once.hpp"
#include "kernel/precondition.hpp"
#include "platform/auth/principal.hpp"

namespace baedal::http::hal {

enum class PropertyType { kInteger, kText, kBoolean, kTimestamp };

/// One JSON member of a resource, in rendering order.
struct Property {
  std::string_view name;
  PropertyType type;
  bool writable = false;  ///< a client may send it
  bool original = false;  ///< the seed's answer had it (http.representation=seed keeps only these)
  bool sortable = false;  ///< backed by the id or an index
};

/// A query under /{collection}/search.
struct Search {
  std::string_view name;       ///< "findByOrderId"
  std::string_view parameter;  ///< "orderId"
  PropertyType type;
  bool single;            ///< at most one hit: the item itself, else a part of a list
  bool original = false;  ///< the seed had it
};

/// What a collection is and which methods it exports; the rest is 405. Constants with static
/// storage. Made from this: routes, links, ALPS, JSON Schema, OPTIONS.
struct ResourceType {
  std::string_view service;     ///< "order": host of links in service mode
  std::string_view item;        ///< "order": item relation
  std::string_view collection;  ///< "orders": path and relation
  std::span<const Property> properties;
  std::span<const Search> searches;
  bool paged = true;  ///< renders the `page` block (the seed's mypages has none)
  bool creatable = false, patchable = false, replaceable = false, erasable = false;
  /// Relations of an item alone, below its own path: "stream" → …/mypages/3/stream.
  std::span<const std::string_view> item_links = {};
};

/// One thing to render: values in the order of ResourceType::properties. A timestamp may be given
/// as an integer, microseconds since the epoch, and is text in the answer.
struct Resource {
  std::int64_t id = 0;
  std::int64_t version = 0;  ///< the ETag
  std::vector<json::Value> values;
};

/// `value` as the answer shows it: timestamps are text.
[[nodiscard]] json::Value shown(const Property& property, const json::Value& value);

struct Sort {
  std::string property;
  bool descending = false;
};

struct ListQuery {
  std::int64_t page = 0;
  std::int64_t size = 20;
  std::vector<Sort> sort{};  ///< sortable properties only
};

struct ResourcePage {
  std::vector<Resource> items;
  std::int64_t total = 0;
  bool has_more = false;  ///< used when the total is not known (searches)
};

/// The result of a write, and whether it is the replay of an earlier one (Idempotency-Key).
using Written = Committed<Resource>;

/// What a service gives the HTTP edge of one collection. Methods that ResourceType does not export
/// are never called. Any I/O thread. `body` holds the members the client sent, uncoerced; for PATCH
/// those it wants changed, whatever the patch format was.
class Resources {
 public:
  virtual ~Resources() = default;
  [[nodiscard]] virtual const ResourceType& type() const = 0;
  virtual Task<Result<std::optional<Resource>>> find(std::int64_t id) = 0;
  virtual Task<Result<ResourcePage>> list(const ListQuery& query) = 0;
  virtual Task<Result<ResourcePage>> search(std::string_view name, const json::Value& argument,
                                            const ListQuery& query);
  /// The answer an earlier write with `key` gave, if there was one; runs nothing. Asked before a
  /// patch is applied to the present state. Without it, such a patch is applied again.
  virtual Task<Result<std::optional<Written>>> recall(const OnceKey& key);
  virtual Task<Result<Written>> create(const json::Object& body, const OnceKey& key);
  virtual Task<Result<Written>> change(std::int64_t id, const json::Object& body,
                                       const Precondition& precondition, const OnceKey& key);
  virtual Task<Result<Written>> replace(std::int64_t id, const json::Object& body,
                                        const Precondition& precondition, const OnceKey& key);
  /// kNotFound when there is none.
  virtual Task<Result<void>> erase(std::int64_t id, const Precondition& precondition);

  // Asked only when it is known who calls (Request::principal), and who that is may make a
  // difference. `caller` lives until the task is done.

  /// Before anything is done with that one: kNotFound when it is not the caller's to see, and just
  /// the same when there is none. By default everything is everybody's.
  virtual Task<Result<void>> admit(const auth::Principal& caller, std::int64_t id);
  /// In place of list() and search(): what is the caller's to see.
  virtual Task<Result<ResourcePage>> list_for(const auth::Principal& caller,
                                              const ListQuery& query);
  virtual Task<Result<ResourcePage>> search_for(const auth::Principal& caller,
                                                std::string_view name, const json::Value& argument,
                                                const ListQuery& query);
  /// In place of create(), change() and replace(), by that caller.
  virtual Task<Result<Written>> create_by(const auth::Principal& caller, const json::Object& body,
                                          const OnceKey& key);
  virtual Task<Result<Written>> change_by(const auth::Principal& caller, std::int64_t id,
                                          const json::Object& body,
                                          const Precondition& precondition, const OnceKey& key);
  virtual Task<Result<Written>> replace_by(const auth::Principal& caller, std::int64_t id,
                                           const json::Object& body,
                                           const Precondition& precondition, const OnceKey& key);
};

}  // namespace baedal::http::hal
