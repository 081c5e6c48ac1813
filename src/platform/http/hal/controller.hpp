#pragma once

#include <array>
#include <string>
#include <vector>

#include "platform/http/hal/item_form.hpp"
#include "platform/http/hal/presentation.hpp"
#include "platform/http/hal/resource.hpp"
#include "platform/http/idempotency.hpp"
#include "platform/http/router.hpp"

namespace baedal::http::hal {

/// Serves one collection over HTTP as Spring Data REST does, with the mistakes left out: routes,
/// negotiation, conditional requests, patch formats, idempotency keys, problem documents. Knows
/// nothing of what the resource means. Must outlive the router it adds itself to.
class Controller {
 public:
  Controller(Resources& resources, const Presentation& presentation);

  void add_routes(Router& router);

 private:
  Task<Response> list(Request& request);
  Task<Response> head_list(Request& request);
  Task<Response> create(Request& request);
  Task<Response> get(Request& request);
  Task<Response> head(Request& request);
  Task<Response> patch(Request& request);
  Task<Response> put(Request& request);
  Task<Response> erase(Request& request);
  Task<Response> search_links(Request& request);
  Task<Response> search(const Search& search, Request& request);
  Task<Response> profile(Request& request);

  /// By whoever calls.
  Task<Result<Written>> change(std::int64_t id, const json::Object& changes,
                               const Precondition& precondition, const OnceKey& key,
                               const Request& request);
  /// PATCH with a JSON Patch, whose outcome depends on the state it is applied to.
  Task<Response> json_patch(std::int64_t id, const Precondition& precondition, const OnceKey& key,
                            Request& request);
  Task<Response> refused(std::int64_t id, const Error& error, Request& request);
  Response written(const Result<Written>& result, int status, Request& request) const;
  Response item(const Resource& resource, int status, std::string_view media,
                Request& request) const;
  void add_item_routes(Router& router);
  void add_search_routes(Router& router);

  Resources& resources_;
  const ResourceType& type_;
  const Presentation& presentation_;
  const std::string service_base_;
  const std::array<ItemForm, 2> item_forms_;  ///< with all members; with the original ones only
  Idempotency idempotency_;
};

/// GET / and GET /profile over several collections.
void add_root_routes(Router& router, std::vector<const ResourceType*> types,
                     const Presentation& presentation);

}  // namespace baedal::http::hal
