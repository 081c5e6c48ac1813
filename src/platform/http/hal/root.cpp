// GET / and GET /profile: the entrances of the hypermedia API.
#include "kernel/json/writer.hpp"
#include "platform/http/hal/controller.hpp"

namespace baedal::http::hal {
namespace {

/// The documents of what is asked and of what is told (RFC 8631), both served under /api/.
constexpr std::string_view kDescriptions =
    R"(</api/openapi/baedal.yaml>; rel="service-desc"; type="application/yaml"; title="OpenAPI", )"
    R"(</api/asyncapi.yaml>; rel="service-desc"; type="application/yaml"; title="AsyncAPI")";

struct Root {
  std::vector<const ResourceType*> types;
  Presentation presentation;
};

void write_href(json::Writer& out, std::string_view rel, const std::string& href, bool templated) {
  out.name(rel).begin_object().name("href").string(href);
  if (templated) out.name("templated").boolean(true);
  out.end_object();
}

Response index(const Root& root, const Request& request) {
  json::Writer out;
  out.begin_object().name("_links").begin_object();
  for (const ResourceType* type : root.types) {
    const std::string href =
        root.presentation.base(*type, request) + "/" + std::string{type->collection};
    write_href(out, type->collection, type->paged ? href + "{?page,size,sort}" : href, type->paged);
  }
  write_href(out, "profile", request.link_base + "/profile", false);
  out.end_object().end_object();
  Response response{.content_type = "application/hal+json", .body = out.take()};
  response.with("Link", std::string{kDescriptions});
  return response;
}

Response profiles(const Root& root, const Request& request) {
  json::Writer out;
  out.begin_object().name("_links").begin_object();
  write_href(out, "self", request.link_base + "/profile", false);
  for (const ResourceType* type : root.types) {
    const std::string base = root.presentation.base(*type, request);
    write_href(out, type->collection, base + "/profile/" + std::string{type->collection}, false);
  }
  out.end_object().end_object();
  return {.content_type = "application/hal+json", .body = out.take()};
}

}  // namespace

void add_root_routes(Router& router, std::vector<const ResourceType*> types,
                     const Presentation& presentation) {
  const auto root = std::make_shared<Root>(Root{std::move(types), presentation});
  const auto none = [](Request&) -> Task<Response> { co_return Response{.status = 204}; };
  // The lambda hands its capture on by value: a coroutine must not read a lambda that may be gone.
  struct Answer {
    static Task<Response> give(std::shared_ptr<Root> root, Request& request, bool profile) {
      co_return profile ? profiles(*root, request) : index(*root, request);
    }
  };
  router.add(Method::kGet, "/", [root](Request& r) { return Answer::give(root, r, false); });
  router.add(Method::kHead, "/", none);
  router.add(Method::kGet, "/profile", [root](Request& r) { return Answer::give(root, r, true); });
}

}  // namespace baedal::http::hal
