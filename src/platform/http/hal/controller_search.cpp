// The searches of a collection: /{collection}/search and what is below it.
#include "kernel/json/writer.hpp"
#include "kernel/text.hpp"
#include "platform/http/hal/controller.hpp"
#include "platform/http/hal/list_query.hpp"
#include "platform/http/hal/negotiate.hpp"
#include "platform/http/hal/render.hpp"
#include "platform/http/problem.hpp"

namespace baedal::http::hal {
namespace {

constexpr std::string_view kHal = "application/hal+json";
constexpr std::string_view kJson = "application/json";

Response no_content() { return Response{.status = 204}; }

/// The value that is searched for; null when it is missing or malformed.
json::Value argument_of(const Search& search, const Request& request) {
  json::Value argument;
  for (const auto& [name, value] : parse_query(request.query)) {
    if (name != search.parameter || !argument.is_null()) continue;
    const auto number = parse_int64(value);
    if (search.type != PropertyType::kInteger)
      argument = value;
    else if (number)
      argument = *number;
  }
  return argument;
}

}  // namespace

void Controller::add_search_routes(Router& router) {
  const std::string path = "/" + std::string{type_.collection} + "/search";
  const auto head_of = [](Request&) -> Task<Response> { co_return no_content(); };
  router.add(Method::kGet, path, [this](Request& r) { return search_links(r); });
  router.add(Method::kHead, path, head_of);
  for (const Search& query : type_.searches) {
    const std::string query_path = path + "/" + std::string{query.name};
    router.add(Method::kGet, query_path, [this, &query](Request& r) { return search(query, r); });
    router.add(Method::kHead, query_path, head_of);
  }
}

Task<Response> Controller::search_links(Request& request) {
  const std::string self =
      presentation_.base(type_, request) + "/" + std::string{type_.collection} + "/search";
  json::Writer out;
  out.begin_object().name("_links").begin_object();
  for (const Search& query : type_.searches) {
    if (!presentation_.shows(query)) continue;
    std::string href = self + "/" + std::string{query.name} + "{?" + std::string{query.parameter};
    href += query.single ? "}" : ",page,size,sort}";
    out.name(query.name).begin_object().name("href").string(href).name("templated").boolean(true);
    out.end_object();
  }
  out.name("self").begin_object().name("href").string(self).end_object().end_object().end_object();
  co_return Response{.content_type = std::string{kHal}, .body = out.take()};
}

Task<Response> Controller::search(const Search& search, Request& request) {
  const auto media = negotiate(request, {kHal, kJson});
  if (!media) {
    co_return problem(406, "not-acceptable", "None of the media types in Accept can be given.",
                      request);
  }
  const json::Value argument = argument_of(search, request);
  if (argument.is_null()) {
    const std::string detail =
        "The parameter " + std::string{search.parameter} + " is missing or malformed.";
    co_return problem(400, "bad-parameter", detail, request);
  }
  const ListQuery query = parse_list_query(type_, request.query, presentation_.page_size_max);
  auto searching = request.principal
                       ? resources_.search_for(*request.principal, search.name, argument, query)
                       : resources_.search(search.name, argument, query);
  auto hits = co_await searching;
  if (!hits) co_return problem(hits.error(), request);
  if (search.single) {
    if (hits->items.empty()) {
      co_return problem(404, "not-found", "There is no such thing.", request);
    }
    co_return item(hits->items.front(), 200, *media, request);
  }
  const CollectionView view{type_, *hits, query, request, presentation_};
  co_return Response{.content_type = std::string{*media}, .body = render_search_hits(view)};
}

}  // namespace baedal::http::hal
