#include "main/api_documents.hpp"

#include <algorithm>
#include <string>

#include "kernel/assert.hpp"
#include "platform/http/problem.hpp"

namespace baedal {
namespace {

using http::Request;
using http::Response;

std::string_view media_type_of(std::string_view path) {
  if (path.ends_with(".schema.json")) return "application/schema+json";
  return "application/yaml";
}

Task<Response> give(Request& request) {
  constexpr std::string_view kRoot = "/api/";
  const std::string_view path = request.path.substr(std::min(kRoot.size(), request.path.size()));
  const auto documents = api_documents();
  const auto found = std::ranges::find(documents, path, &ApiDocument::path);
  if (found == documents.end()) {
    co_return http::problem(404, "not-found", "There is no such document.", request);
  }
  co_return Response{.content_type = std::string{media_type_of(path)},
                     .body = std::string{found->text}};
}

}  // namespace

std::string_view api_document(std::string_view path) {
  const auto documents = api_documents();
  const auto found = std::ranges::find(documents, path, &ApiDocument::path);
  BAEDAL_ASSERT(found != documents.end());
  return found->text;
}

void add_document_routes(http::Router& router) {
  router.add(http::Method::kGet, "/api/openapi/baedal.yaml", give);
  router.add(http::Method::kGet, "/api/asyncapi.yaml", give);
  router.add(http::Method::kGet, "/api/events/{name}", give);
}

}  // namespace baedal
